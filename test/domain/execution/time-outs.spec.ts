import { describe, expect, test } from 'vitest';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import type { FireTimer } from '../../../src/domain/execution/commands.ts';
import type { Limit } from '../../../src/domain/execution/events.ts';
import { stepOf } from '../../../src/domain/execution/state.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';

const fire = (limit: Limit, step: string, dueAt: number): FireTimer => ({
  type: 'fire_timer',
  step,
  dueAt,
  limit,
});
const retryOf = (step: string, dueAt: number): FireTimer => ({ type: 'fire_timer', step, dueAt });

const pay = (more = '') =>
  define(`
workflow: shop
activities:
  - name: pay
    timeout: { step: 10s, queue: 4s }
    retry: { max_attempts: 5, non_retryable: [Fatal], backoff: { initial: 1s, jitter: 0 } }
    ${more}
  - name: ship
`);

const plain = pay();
const timeout = (kind: string) => ({ type: 'Timeout', details: { kind } });

describe('the time of a step', () => {
  test('counts from its first attempt on, over all others', () => {
    given(plain)
      .when(start(), { now: 500 })
      .thenEvents({}, { type: 'step.started', facts: { attempt: 1, deadline: 10_500 } });
    const second = given(plain)
      .after(start(), { now: 500 })
      .after(failed('pay'), { now: 600 })
      .when(retryOf('pay', 1_600), { now: 1_600 });
    second.thenEvents({ type: 'step.started', facts: { attempt: 2, deadline: 10_500 } });
    expect(pendingOf(plain, second.state)).toMatchObject([
      { kind: 'attempt', attempt: 2 },
      { kind: 'timer', step: 'pay', dueAt: 10_500, limit: 'step' },
    ]);
  });

  test('is over: the attempt under way is not repeated', () => {
    const begun = given(plain).after(start());
    begun.when(fire('step', 'pay', 10_000), { now: 10_000 }).thenEvents(
      { type: 'timer.fired', facts: { workflow: 'shop', step: 'pay', dueAt: 10_000, purpose: 'step' } },
      {
        type: 'step.failed',
        facts: { step: 'pay', attempt: 1, duration: 10_000, errorType: 'Timeout', handled: 'stop' },
        payload: { error: timeout('step') },
      },
      { type: 'execution.failed', facts: { step: 'pay', errorType: 'Timeout' } },
    );
    const late = begun.after(fire('step', 'pay', 10_000), { now: 10_000 });
    expect(pendingOf(plain, late.state)).toEqual([]);
    late.when(completed('pay')).thenNothing();
  });

  test('is over while the next attempt is waited for, of which there is none', () => {
    const waiting = given(plain).after(start()).after(failed('pay'), { now: 9_500 });
    expect(pendingOf(plain, waiting.state).map((waits) => 'dueAt' in waits && waits.dueAt)).toEqual([
      10_500, 10_000,
    ]);
    const { events } = waiting.when(fire('step', 'pay', 10_000), { now: 10_000 });
    expect(events[1]).toMatchObject({ facts: { attempt: 1, duration: 0, between: true, handled: 'stop' } });
  });

  test('leaves nothing of itself behind once the step is done', () => {
    const done = given(plain).after(start()).after(completed('pay'));
    expect(stepOf(done.state, 'pay')).not.toHaveProperty('deadline');
    done.when(fire('step', 'pay', 10_000), { now: 10_000 }).thenNothing();
    expect(pendingOf(plain, done.state)).toHaveLength(1);
  });

  test('is not that of another time, nor of another kind', () => {
    const begun = given(plain).after(start());
    begun.when(fire('step', 'pay', 10_001)).thenNothing();
    begun.when(fire('queue', 'pay', 10_000)).thenNothing();
    begun.when(fire('run', 'pay', 10_000)).thenNothing();
    begun.when(retryOf('pay', 10_000)).thenNothing();
  });

  test('counts the fallback, whose activity would come too late', () => {
    const step = pay('fallback: { activity: invoice }');
    const falling = given(step)
      .after(start())
      .after(failed('pay', 1, 'Fatal'), { now: 7_000 });
    expect(stepOf(falling.state, 'pay')).toMatchObject({ activity: 'invoice', deadline: 10_000 });
    falling
      .when(fire('step', 'pay', 10_000), { now: 10_000 })
      .thenTypes('timer.fired', 'step.failed', 'execution.failed');
    given(step)
      .after(start())
      .when(fire('step', 'pay', 10_000), { now: 10_000 })
      .thenTypes('timer.fired', 'step.failed', 'execution.failed');
  });

  test('can be skipped over, which takes none', () => {
    given(pay('fallback: { activity: skip }'))
      .after(start())
      .when(fire('step', 'pay', 10_000), { now: 10_000 })
      .thenEvents(
        { type: 'timer.fired' },
        { type: 'step.failed', facts: { handled: 'skip' } },
        { type: 'step.skipped', facts: { reason: 'fallback' } },
        { type: 'step.started', facts: { step: 'ship' } },
      );
  });

  test('counts anew when the run comes to the step again', () => {
    const loop = define(`
workflow: loop
activities:
  - { name: work, timeout: { step: 10s } }
  - { name: again, set: { variables: { x: 1 } }, next: work }
`);
    const { events } = given(loop).after(start()).when(completed('work'), { now: 6_000 });
    expect(events.at(-1)).toMatchObject({ type: 'step.started', facts: { attempt: 2, deadline: 16_000 } });
  });
});

describe('the time of a block', () => {
  const both = define(`
workflow: shop
activities:
  - name: both
    timeout: 1m
    fallback: { activity: skip }
    parallel:
      branches:
        left: [{ name: call, timeout: { step: 5m } }]
        right: [{ name: ask, wait: { signal: go } }]
  - name: ship
`);

  test('is over: its branches are given up', () => {
    const begun = given(both).after(start());
    expect(pendingOf(both, begun.state)).toMatchObject([
      { step: 'both', dueAt: 60_000, limit: 'step' },
      { step: 'both[left].call', kind: 'attempt' },
      { step: 'both[left].call', dueAt: 300_000, limit: 'step' },
      { step: 'both[right].ask', kind: 'signal' },
    ]);
    const over = begun.when(fire('step', 'both', 60_000), { now: 60_000 });
    over.thenEvents(
      { type: 'timer.fired' },
      { type: 'step.cancelled', facts: { step: 'both[left].call', reason: 'timeout' } },
      { type: 'branch.cancelled', facts: { branch: 'left', reason: 'timeout' } },
      { type: 'step.cancelled', facts: { step: 'both[right].ask' } },
      { type: 'branch.cancelled', facts: { branch: 'right' } },
      { type: 'step.failed', facts: { step: 'both', attempt: 1, errorType: 'Timeout', handled: 'skip' } },
      { type: 'step.skipped', facts: { step: 'both' } },
      { type: 'step.started', facts: { step: 'ship' } },
    );
    expect(pendingOf(both, over.state)).toMatchObject([{ step: 'ship', kind: 'attempt' }]);
  });

  test('is that of its steps too: one that is over in a branch fails the block', () => {
    given(both)
      .after(start())
      .when(fire('step', 'both[left].call', 300_000), { now: 50_000 })
      .thenEvents(
        { type: 'timer.fired', facts: { step: 'both[left].call' } },
        { type: 'step.failed', facts: { step: 'both[left].call', handled: 'block' } },
        { type: 'branch.failed' },
        { type: 'step.cancelled', facts: { step: 'both[right].ask', reason: 'failed' } },
        { type: 'branch.cancelled' },
        { type: 'step.failed', facts: { step: 'both', handled: 'skip' } },
        { type: 'step.skipped' },
        { type: 'step.started', facts: { step: 'ship' } },
      );
  });
});

describe('the time in the queue', () => {
  const unserved = { unserved: ['pay'] };

  test('is told of when it begins, and the step’s own does not count yet', () => {
    const queued = given(plain).when(start(), { now: 100, ...unserved });
    queued.thenEvents({}, { type: 'step.queued', facts: { attempt: 1, dueAt: 4_100 } });
    expect(queued.events[1]?.facts).not.toHaveProperty('deadline');
    expect(pendingOf(plain, queued.state)).toEqual([
      { kind: 'activity', step: 'pay', activity: 'pay' },
      { kind: 'timer', step: 'pay', dueAt: 4_100, limit: 'queue' },
    ]);
  });

  test('is over: the step has failed without a call', () => {
    given(plain)
      .after(start(), unserved)
      .when(fire('queue', 'pay', 4_000), { now: 4_000, ...unserved })
      .thenEvents(
        { type: 'timer.fired', facts: { step: 'pay', dueAt: 4_000, purpose: 'queue' } },
        {
          type: 'step.failed',
          facts: { attempt: 0, duration: 0, errorType: 'Timeout' },
          payload: { error: timeout('queue') },
        },
        { type: 'execution.failed' },
      );
  });

  test('is over: its fallback is called, which somebody serves', () => {
    given(pay('fallback: { activity: invoice }'))
      .after(start(), unserved)
      .when(fire('queue', 'pay', 4_000), { now: 4_000, ...unserved })
      .thenEvents(
        { type: 'timer.fired' },
        { type: 'step.failed', facts: { handled: 'activity' } },
        {
          type: 'step.started',
          facts: { activity: 'invoice', attempt: 1, fallback: true, deadline: 14_000 },
        },
      );
  });

  test('is over for nothing once the step is served', () => {
    const served = given(plain).after(start(), unserved).after({ type: 'go_on' }, { now: 3_000 });
    expect(stepOf(served.state, 'pay')).toMatchObject({ status: 'running', deadline: 13_000 });
    served.when(fire('queue', 'pay', 4_000), { now: 4_000 }).thenNothing();
  });

  test('is a part of the step’s when an attempt was made before', () => {
    const again = given(plain).after(start()).after(failed('pay'), { now: 500 });
    const queued = again.when(retryOf('pay', 1_500), { now: 1_500, ...unserved });
    queued.thenEvents({ type: 'step.queued', facts: { attempt: 2, dueAt: 5_500, deadline: 10_000 } });
    const { events } = again
      .after(retryOf('pay', 1_500), { now: 1_500, ...unserved })
      .when(fire('queue', 'pay', 5_500), { now: 5_500, ...unserved });
    expect(events[1]).toMatchObject({ facts: { attempt: 1, duration: 0, between: true } });
  });
});

describe('the time of a run', () => {
  const run = (strategy: string) =>
    define(`
workflow: trip
timeout: { run: 1h }
activities:
  - name: book
  - name: pay
compensation_activities: { book: { activity: cancel } }
error_handling: { workflow_error: { strategy: ${strategy} } }
`);

  test('is told of at its start', () => {
    const begun = given(run('stop')).when(start(), { now: 5 });
    begun.thenEvents({ type: 'execution.started', facts: { deadline: 3_600_005 } }, {});
    expect(pendingOf(run('stop'), begun.state)).toContainEqual({
      kind: 'timer',
      step: '',
      dueAt: 3_600_005,
      limit: 'run',
    });
  });

  test.each(['stop', 'continue'])('is over: the run has failed, with the strategy %s', (strategy) => {
    const over = given(run(strategy))
      .after(start())
      .when(fire('run', '', 3_600_000), { now: 3_600_000 });
    over.thenEvents(
      { type: 'timer.fired', facts: { step: '', purpose: 'run', dueAt: 3_600_000 } },
      { type: 'step.cancelled', facts: { step: 'book', attempt: 1, reason: 'timeout' } },
      {
        type: 'execution.failed',
        facts: { step: '', errorType: 'Timeout', duration: 3_600_000, from: 'running' },
        payload: { error: timeout('run') },
      },
    );
    expect(pendingOf(run(strategy), over.state)).toEqual([]);
  });

  test('is over: what was done is undone, and that has its own time', () => {
    const definition = run('compensate');
    const over = given(definition)
      .after(start())
      .after(completed('book'))
      .when(fire('run', '', 3_600_000), { now: 3_600_000 });
    over.thenEvents(
      { type: 'timer.fired' },
      { type: 'step.cancelled', facts: { step: 'pay', reason: 'timeout' } },
      { type: 'saga.compensating', facts: { step: '', errorType: 'Timeout', steps: ['book'] } },
      { type: 'step.compensating', facts: { step: 'book' } },
    );
    expect(pendingOf(definition, over.state)).toMatchObject([{ kind: 'attempt', compensation: true }]);
  });

  test('is over: a child that it waits for is told', () => {
    const definition = define(`
workflow: trip
timeout: 1h
activities: [{ name: part, workflow: { name: other } }]
`);
    given(definition)
      .after(start())
      .when(fire('run', '', 3_600_000), { now: 3_600_000 })
      .thenEvents(
        { type: 'timer.fired' },
        { type: 'child.cancel_requested', facts: { step: 'part' } },
        { type: 'step.cancelled', facts: { step: 'part', reason: 'timeout' } },
        { type: 'execution.failed' },
      );
  });

  test('is over for nothing when the run is being undone already, or has ended', () => {
    const definition = run('compensate');
    const undoing = given(definition).after(start()).after(completed('book')).after(failed('pay'));
    undoing.when(fire('run', '', 3_600_000)).thenNothing();
    const ended = given(definition).after(start()).after(completed('book')).after(completed('pay'));
    ended.when(fire('run', '', 3_600_000)).thenNothing();
  });
});
