import { describe, expect, test } from 'vitest';
import type { OperatorCommand } from '../../../src/domain/execution/commands.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { completed, define, failed, given, start, type Given } from '../../spec/execution.ts';

const reason = 'asked for';
const skip = (step: string): OperatorCommand => ({ type: 'skip_step', step, reason });
const complete = (step: string, output: object | string | null = null): OperatorCommand => ({
  type: 'complete_step',
  step,
  output: output as null,
  reason,
});
const fail = (step: string): OperatorCommand => ({
  type: 'fail_step',
  step,
  error: { type: 'FailedByHand', message: 'no' },
  reason,
});
const signal = (name: string) => ({ type: 'signal', signal: name, payload: null }) as const;

const steps = define(`
workflow: steps
activities:
  - name: work
    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }
    output: { n: "\${output.n}" }
    next: ask
  - name: skipped_by_next
  - name: ask
    wait: { signal: go, timeout: 1h }
  - name: rest
    wait: { for: 1h }
`);

const called = () => given(steps).after(start());
const ways: Readonly<Record<string, readonly [() => Given, object, object]>> = {
  called: [called, { attempt: 1, duration: 5 }, { activity: 'work', attempt: 1, duration: 5 }],
  queued: [() => given(steps).after(start(), { unserved: ['work'] }), { attempt: 1, duration: 0 }, {}],
  'to be tried again': [() => called().after(failed('work')), { attempt: 2, duration: 0 }, {}],
};

describe.each(Object.entries(ways))('a step that is %s', (_name, [at, ended, skipped]) => {
  const unserved = { unserved: ['work'], now: 5 };

  test('is completed by hand: its output sets variables, and the run goes on', () => {
    const { events, state } = at().when(complete('work', { n: 7 }), unserved);
    expect(events).toMatchObject([
      {
        type: 'step.completed',
        facts: { step: 'work', by: 'operator', ...ended },
        payload: { output: { n: 7 }, variables: { n: 7 }, reason },
      },
      { type: 'step.jumped', facts: { to: 'ask' } },
      { type: 'step.started', facts: { step: 'ask' } },
      { type: 'signal.awaited' },
      { type: 'timer.scheduled' },
    ]);
    expect(pendingOf(steps, state)).toMatchObject([{ kind: 'timer', step: 'ask' }]);
    at()
      .after(complete('work', { n: 7 }))
      .when(completed('work'))
      .thenNothing();
  });

  test('is failed by hand for good, whatever its retries', () => {
    at()
      .when(fail('work'), unserved)
      .thenEvents(
        {
          type: 'step.failed',
          facts: { by: 'operator', errorType: 'FailedByHand', handled: 'stop', ...ended },
          payload: { error: { message: 'no' }, reason },
        },
        { type: 'execution.failed', facts: { step: 'work' } },
      );
  });

  test('is skipped as by its guard, so that its jump is not made', () => {
    const { events } = at().when(skip('work'), unserved);
    expect(events[0]).toEqual({
      type: 'step.skipped',
      facts: { workflow: 'steps', step: 'work', reason: 'operator', ...skipped },
      payload: { reason },
    });
    expect(events[1]).toMatchObject({ type: 'step.started', facts: { step: 'skipped_by_next' } });
  });

  test('cannot be completed with what its `output:` cannot read', () => {
    at().whenRefused(complete('work', 'nothing'), 'INVALID_OUTPUT');
  });
});

describe('a step that waits', () => {
  const asking = () => called().after(complete('work', { n: 1 }));

  test('for a signal is completed by hand, and a signal that comes then is kept', () => {
    const rests = asking().after(complete('ask', 'yes'));
    expect(rests.state.steps['ask']).toMatchObject({ status: 'completed', output: 'yes' });
    rests.when(signal('go')).thenEvents({ facts: { step: '' } });
    expect(pendingOf(steps, rests.state)).toMatchObject([{ kind: 'timer', step: 'rest' }]);
  });

  test('does not take the signal that came during a pause when it is ended by hand', () => {
    const paused = asking().after({ type: 'pause', reason }).after(signal('go'));
    for (const command of [complete('ask'), skip('ask')]) {
      const { state } = paused.after(command);
      expect(state.signals).toEqual({ go: [null] });
      expect(state.steps['ask']).not.toHaveProperty('signal');
    }
  });

  test('is skipped, and waits for nothing any more', () => {
    const { state } = asking().after(skip('ask')).after(skip('rest'));
    expect(state.status).toBe('completed');
    expect(state.steps['ask']).not.toHaveProperty('dueAt');
  });
});

describe('a step that is not under way', () => {
  test.each([
    ['not reached', 'ask', 'STEP_NOT_ACTIVE'],
    ['of no such name', 'nobody', 'STEP_NOT_FOUND'],
    ['in a branch that there is not', 'work[3].ask', 'STEP_NOT_ACTIVE'],
  ])('is refused: %s', (_name, step, code) => {
    for (const command of [skip(step), complete(step), fail(step)]) called().whenRefused(command, code);
  });

  test('is refused when it has ended', () => {
    const asking = called().after(complete('work', { n: 1 }));
    for (const command of [skip('work'), complete('work', { n: 1 }), fail('work')])
      asking.whenRefused(command, 'STEP_NOT_ACTIVE');
  });
});

describe('a block', () => {
  const both = (more: string) =>
    define(`
workflow: both
activities:
  - name: both
    parallel: { branches: { a: [{ name: one }], b: [{ name: ask, wait: { signal: go } }] } }
    ${more}
  - name: after
`);
  const given_up = ['step.cancelled', 'branch.cancelled', 'step.cancelled', 'branch.cancelled'] as const;

  test('is ended by hand with all that is in it', () => {
    const at = () => given(both('')).after(start());
    at()
      .when(skip('both'))
      .thenTypes(...given_up, 'step.skipped', 'step.started');
    at()
      .when(complete('both'))
      .thenTypes(...given_up, 'step.completed', 'step.started');
    at()
      .when(fail('both'))
      .thenTypes(...given_up, 'step.failed', 'execution.failed');
    expect(at().when(skip('both')).events[0]).toMatchObject({ facts: { reason: 'operator' } });
  });

  test('goes on when one of its steps is ended by hand', () => {
    const at = () => given(both('fallback: { activity: mend }')).after(start());
    at().when(skip('both[a].one')).thenTypes('step.skipped', 'branch.completed');
    at()
      .when(fail('both[a].one'))
      .thenTypes(
        'step.failed',
        'branch.failed',
        'step.cancelled',
        'branch.cancelled',
        'step.failed',
        'step.started',
      );
  });

  test('has its fallback called, or ended by hand too', () => {
    const at = given(both('fallback: { activity: mend }')).after(start()).after(fail('both'));
    expect(at.state.steps['both']).toMatchObject({ fallback: true, activity: 'mend' });
    at.when(fail('both')).thenTypes('step.failed', 'execution.failed');
    at.when(complete('both')).thenTypes('step.completed', 'step.started');
  });
});
