import { describe, expect, test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { stepOf } from '../../../src/domain/execution/state.ts';
import { childIdOf } from '../../../src/domain/uuid.ts';
import { define, given, start } from '../../spec/execution.ts';

const order = (more = '', workflow = '{ name: parcel }') =>
  define(`
workflow: order
activities:
  - name: collect
    workflow: ${workflow}
    timeout: 1m
    retry: { max_attempts: 3, backoff: { initial: 10s, jitter: 0 } }
    ${more}
  - name: ship
`);

const childOf = (attempt: number) => childIdOf('an-execution', 'collect', attempt);
const confirm = (attempt = 1): ExecutionCommand => ({
  type: 'confirm_child',
  step: 'collect',
  attempt,
  definition: 'sha256:parcel',
});
const fail: ExecutionCommand = {
  type: 'end_child',
  step: 'collect',
  child: childOf(1),
  status: 'failed',
  output: {},
};
const due: ExecutionCommand = { type: 'fire_timer', step: 'collect', dueAt: 60_000, limit: 'step' };
const LATE = { now: 60_000 };
const TIMEOUT = { type: 'Timeout', details: { kind: 'step' } };

describe('the time of a step that runs another workflow', () => {
  const begun = given(order()).after(start());
  const waiting = begun.after(confirm(), { now: 1_000 });

  test('begins when it does, and is waited for beside the child', () => {
    given(order())
      .when(start())
      .thenEvents({}, { type: 'step.started', facts: { child: childOf(1), deadline: 60_000 } });
    expect(pendingOf(order(), waiting.state)).toEqual([
      { kind: 'child', step: 'collect', child: childOf(1) },
      { kind: 'timer', step: 'collect', dueAt: 60_000, limit: 'step' },
    ]);
  });

  test('ends the child when it is over, and the step has failed whatever its retry says', () => {
    waiting.when(due, LATE).thenEvents(
      { type: 'timer.fired', facts: { purpose: 'step', dueAt: 60_000 } },
      { type: 'child.cancel_requested', facts: { child: childOf(1), reason: 'ended' } },
      {
        type: 'step.failed',
        facts: { errorType: 'Timeout', duration: 60_000 },
        payload: { error: TIMEOUT },
      },
      { type: 'execution.failed', facts: { step: 'collect' } },
    );
    waiting
      .after(due, LATE)
      .when({ ...fail, status: 'cancelled' }, LATE)
      .thenNothing();
  });

  test('leaves a child alone that is to be abandoned', () => {
    given(order('', '{ name: parcel, on_cancel: abandon }'))
      .after(start())
      .after(confirm())
      .when(due, LATE)
      .thenTypes('timer.fired', 'step.failed', 'execution.failed');
  });

  test('ends a child that is being started, too', () => {
    begun
      .when(due, LATE)
      .thenTypes('timer.fired', 'child.cancel_requested', 'step.failed', 'execution.failed');
  });

  test('counts on over the next child, and over the pause before it', () => {
    const retrying = waiting.after(fail, { now: 20_000 });
    expect(stepOf(retrying.state, 'collect')).toMatchObject({ status: 'retrying', deadline: 60_000 });
    const timer: ExecutionCommand = { type: 'fire_timer', step: 'collect', dueAt: 30_000 };
    const queued = retrying.when(timer, { now: 30_000, takes: false });
    queued.thenEvents({ type: 'step.queued', facts: { attempt: 2, deadline: 60_000 } });
    retrying
      .when(timer, { now: 30_000 })
      .thenEvents({ type: 'step.started', facts: { attempt: 2, child: childOf(2), deadline: 60_000 } });
    retrying.when(due, LATE).thenTypes('timer.fired', 'step.failed', 'execution.failed');
    retrying
      .after(timer, { now: 30_000 })
      .after(confirm(2), { now: 31_000 })
      .when(due, LATE)
      .thenEvents({}, { type: 'child.cancel_requested', facts: { child: childOf(2) } }, {}, {});
  });

  test('is over with the child, and counts anew when the run is retried', () => {
    const over = waiting.after({ ...fail, status: 'completed' }, { now: 5_000 });
    over.when(due, LATE).thenNothing();
    waiting
      .after(due, LATE)
      .when({ type: 'retry', reason: 'once more' }, { now: 70_000 })
      .thenEvents({}, { type: 'step.started', facts: { child: childOf(2), deadline: 130_000 } });
  });

  test('can be skipped over', () => {
    given(order('fallback: { activity: skip }'))
      .after(start())
      .after(confirm())
      .when(due, LATE)
      .thenEvents(
        { type: 'timer.fired' },
        { type: 'child.cancel_requested' },
        { type: 'step.failed', facts: { handled: 'skip' } },
        { type: 'step.skipped' },
        { type: 'step.started', facts: { step: 'ship' } },
      );
  });
});
