import { describe, expect, test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { childIdOf } from '../../../src/domain/uuid.ts';
import { define, failed, given, start } from '../../spec/execution.ts';

const ORDER = define(`
workflow: order
activities:
  - name: collect
    workflow: { name: parcel, input: { id: "\${input.id}" } }
    output: { weight: "\${output.weight}" }
    retry: { max_attempts: 2, backoff: { jitter: 0 } }
  - name: ship
compensation_activities:
  collect: { activity: bring_back, params: { weight: "\${output.weight}" } }
error_handling: { workflow_error: { strategy: compensate } }
`);

const CHILD = childIdOf('an-execution', 'collect', 1);

const confirmed = (step = 'collect', attempt = 1): ExecutionCommand => ({
  type: 'confirm_child',
  step,
  attempt,
  definition: 'sha256:parcel',
});

const ended = (
  status: 'completed' | 'failed' | 'cancelled' = 'completed',
  child = CHILD,
  step = 'collect',
): ExecutionCommand => ({
  type: 'end_child',
  step,
  child,
  status,
  output: { weight: 7 },
  ...(status === 'failed' ? { error: { type: 'NoParcel', message: 'It is gone.' } } : {}),
});

describe('a step that runs another workflow', () => {
  const input = { id: 'O-1' };
  const begun = given(ORDER).after(start({ input }));
  const waiting = begun.after(confirmed());

  test('says which child it starts before it does', () => {
    const first = given(ORDER).when(start({ input }));
    first.thenEvents(
      {},
      {
        type: 'step.started',
        facts: { step: 'collect', activity: 'workflow', attempt: 1, fallback: false, child: CHILD },
        payload: { input: { id: 'O-1' } },
      },
    );
    expect(pendingOf(ORDER, first.state)).toMatchObject([{ kind: 'attempt', provided: 'workflow' }]);
  });

  test('waits for the end of the child once that is there', () => {
    const then = begun.when(confirmed());
    then.thenEvents({
      type: 'child.started',
      facts: {
        workflow: 'order',
        step: 'collect',
        child: CHILD,
        childWorkflow: 'parcel',
        childDefinition: 'sha256:parcel',
        awaited: true,
      },
    });
    expect(pendingOf(ORDER, then.state)).toEqual([{ kind: 'child', step: 'collect', child: CHILD }]);
    waiting.when(confirmed()).thenNothing();
  });

  test('has what the child gave', () => {
    const done = waiting.when(ended());
    done.thenEvents(
      { type: 'child.ended', facts: { step: 'collect', child: CHILD, status: 'completed' } },
      { type: 'step.completed', payload: { output: { weight: 7 }, variables: { weight: 7 } } },
      { type: 'step.started', facts: { step: 'ship' } },
    );
    waiting.after(ended()).when(ended()).thenNothing();
    waiting.when(ended('completed', 'another')).thenNothing();
  });

  test('fails with the error of the child, and is tried again with another child', () => {
    const again = waiting.when(ended('failed'));
    again.thenEvents(
      { type: 'child.ended', facts: { status: 'failed' } },
      {
        type: 'step.retry_scheduled',
        facts: { errorType: 'ChildFailed' },
        payload: {
          error: {
            type: 'ChildFailed',
            details: { execution: CHILD, workflow: 'parcel', status: 'failed', type: 'NoParcel' },
          },
        },
      },
    );
    const second = waiting
      .after(ended('failed'))
      .after({ type: 'fire_timer', step: 'collect', dueAt: 1_000 });
    const next = childIdOf('an-execution', 'collect', 2);
    expect(second.state.steps['collect']).toMatchObject({ status: 'running', child: next });
    second
      .after(confirmed('collect', 2))
      .when(ended('cancelled', next))
      .thenTypes('child.ended', 'step.failed', 'saga.compensating', 'saga.compensated');
  });

  test('has the same child when it is interrupted before that is known to be there', () => {
    const interrupted: ExecutionCommand = { ...failed('collect'), retry: 'always' } as ExecutionCommand;
    const again = begun.after(interrupted);
    again.when({ type: 'fire_timer', step: 'collect', dueAt: 0 }).thenEvents({
      type: 'step.started',
      facts: { attempt: 2, child: CHILD },
    });
    // It may have been started by then.
    again
      .when({ type: 'cancel', reason: 'enough' })
      .thenEvents({ type: 'child.cancel_requested', facts: { child: CHILD } }, {});
  });

  test('that cannot be started has no child any more', () => {
    begun
      .after(failed('collect'))
      .when({ type: 'cancel', reason: 'enough' })
      .thenTypes('execution.cancelled');
  });

  test.each([
    ['is about to be started', begun],
    ['runs', waiting],
  ])('tells its child to end when the run does while that %s', (_, under) => {
    under.when({ type: 'cancel', reason: 'enough' }).thenEvents(
      {
        type: 'child.cancel_requested',
        facts: { workflow: 'order', step: 'collect', child: CHILD, reason: 'ended' },
      },
      { type: 'execution.cancelled' },
    );
  });

  test('tells a child nothing that has ended', () => {
    waiting.after(ended()).when({ type: 'cancel', reason: 'enough' }).thenTypes('execution.cancelled');
  });

  test('is told of the end of its child during a pause, and goes on after it', () => {
    const paused = waiting.after({ type: 'pause', reason: 'wait' });
    expect(pendingOf(ORDER, paused.state)).toEqual([{ kind: 'child', step: 'collect', child: CHILD }]);
    paused.when(ended()).thenTypes('child.ended', 'step.completed');
    paused
      .after(ended())
      .when({ type: 'resume', reason: 'go' })
      .thenTypes('execution.resumed', 'step.started');
    begun.after({ type: 'pause', reason: 'wait' }).when(confirmed()).thenTypes('child.started');
    paused
      .when({ type: 'cancel', reason: 'enough' })
      .thenTypes('child.cancel_requested', 'execution.cancelled');
  });

  test('has another child when the run is retried', () => {
    const stopping = define('workflow: a\nactivities: [{ name: collect, workflow: { name: parcel } }]\n');
    const over = given(stopping).after(start()).after(confirmed()).after(ended('failed'));
    expect(over.state.status).toBe('failed');
    const again = over.when({ type: 'retry', reason: 'mended' });
    const child = childIdOf('an-execution', 'collect', 2);
    again.thenEvents({ type: 'execution.retried' }, { type: 'step.started', facts: { attempt: 2, child } });
  });

  test.each<ExecutionCommand>([
    { type: 'skip_step', step: 'collect', reason: 'enough' },
    { type: 'complete_step', step: 'collect', output: { weight: 1 }, reason: 'enough' },
    { type: 'fail_step', step: 'collect', error: { type: 'X', message: 'x' }, reason: 'enough' },
  ])('tells its child to end when it is ended by hand: $type', (command) => {
    const { events, state } = waiting.when(command);
    expect(events[0]).toMatchObject({ type: 'child.cancel_requested', facts: { child: CHILD } });
    expect(state.steps['collect']?.child).toBeUndefined();
  });

  test('is undone by what it says, with what the child gave', () => {
    waiting
      .after(ended())
      .when(failed('ship'))
      .thenEvents(
        { type: 'step.failed' },
        { type: 'saga.compensating', facts: { steps: ['collect'] } },
        {
          type: 'step.compensating',
          facts: { activity: 'bring_back' },
          payload: { input: { weight: 7 } },
        },
      );
  });

  test('tells its child to end when its branch is given up', () => {
    const race = define(`
workflow: race
activities:
  - name: first
    parallel:
      join: first
      branches:
        ours: [{ name: own, workflow: { name: parcel } }]
        theirs: [{ name: wait_for_it, wait: { signal: go } }]
        others: [{ name: lone, workflow: { name: parcel, on_cancel: abandon } }]
`);
    const own = childIdOf('an-execution', 'first[ours].own', 1);
    const both = given(race)
      .after(start())
      .after(confirmed('first[ours].own'))
      .after(confirmed('first[others].lone'));
    const over = both.when({ type: 'signal', signal: 'go', payload: null });
    const told = over.events.filter(({ type }) => type === 'child.cancel_requested');
    expect(told).toMatchObject([{ facts: { step: 'first[ours].own', child: own, reason: 'joined' } }]);
  });

  test('that waits for nothing completes as soon as the child is there, which then goes its own way', () => {
    const loose = define(`
workflow: loose
activities:
  - name: survey
    workflow: { name: ask, wait: false }
  - name: act
`);
    const child = childIdOf('an-execution', 'survey', 1);
    const under = given(loose).after(start());
    under.when({ type: 'cancel', reason: 'enough' }).thenTypes('execution.cancelled');
    under
      .when(confirmed('survey'))
      .thenEvents(
        { type: 'child.started', facts: { child, awaited: false } },
        { type: 'step.completed', payload: { output: { execution: child } } },
        { type: 'step.started', facts: { step: 'act' } },
      );
  });

  test('fails where too many wait for one another', () => {
    const parent = (depth: number) => ({ execution: 'above', step: 'x', revision: 3, depth });
    const deep = (depth: number): ExecutionCommand => ({
      ...(start({ input }) as Extract<ExecutionCommand, { type: 'start' }>),
      trigger: 'workflow',
      parent: parent(depth),
    });
    const last = given(ORDER).when(deep(31));
    last.thenEvents(
      { facts: { parent: 'above', parentStep: 'x', parentRevision: 3, depth: 31 } },
      { type: 'step.started' },
    );
    expect(last.state.parent).toEqual(parent(31));
    given(ORDER)
      .when(deep(32))
      .thenEvents(
        {},
        { type: 'step.failed', facts: { errorType: 'TooDeep' } },
        { type: 'saga.compensating' },
        { type: 'saga.compensated' },
      );
  });
});
