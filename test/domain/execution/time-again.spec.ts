import { describe, expect, test } from 'vitest';
import type { ExecutionCommand, FireTimer } from '../../../src/domain/execution/commands.ts';
import type { Limit } from '../../../src/domain/execution/events.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { progressOf } from '../../../src/domain/execution/state.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';

const fire = (limit: Limit, step: string, dueAt: number): FireTimer => ({
  type: 'fire_timer',
  limit,
  step,
  dueAt,
});
const retry: ExecutionCommand = { type: 'retry', reason: 'mended' };
const pause: ExecutionCommand = { type: 'pause', reason: '' };
const resume: ExecutionCommand = { type: 'resume', reason: '' };

const trip = define(`
workflow: trip
timeout: 1h
activities:
  - name: both
    timeout: 10m
    parallel:
      branches:
        left: [{ name: book, timeout: { step: 1m } }]
        right: [{ name: ask, wait: { signal: answered } }]
  - name: pay
    timeout: { step: 5m }
`);
const limits = ({ state }: { readonly state: Parameters<typeof pendingOf>[1] }) =>
  pendingOf(trip, state).flatMap((waits) =>
    waits.kind === 'timer' && waits.limit !== undefined ? [[waits.limit, waits.step, waits.dueAt]] : [],
  );

describe('a run that is retried', () => {
  test('has its whole time again, and so have the blocks that it goes on in and the step that failed', () => {
    const gone = given(trip).after(start()).after(failed('both[left].book'), { now: 30_000 });
    const again = gone.when(retry, { now: 3_000_000 });
    again.thenEvents(
      {
        type: 'execution.retried',
        facts: {
          step: 'both[left].book',
          blocks: ['both'],
          deadline: 6_600_000,
          deadlines: { both: 3_600_000 },
        },
      },
      { type: 'step.started', facts: { step: 'both[left].book', deadline: 3_060_000 } },
      { type: 'step.started', facts: { step: 'both[right].ask' } },
      { type: 'signal.awaited', facts: { step: 'both[right].ask' } },
    );
    expect(limits(again)).toEqual([
      ['step', 'both', 3_600_000],
      ['step', 'both[left].book', 3_060_000],
      ['run', '', 6_600_000],
    ]);
  });

  test('goes on with all that was under way when its own time was over', () => {
    const over = given(trip)
      .after(start())
      .after(completed('both[left].book'))
      .after({ type: 'signal', signal: 'answered', payload: null })
      .after(fire('run', '', 3_600_000), { now: 3_600_000 });
    expect(over.state.status).toBe('failed');
    const again = over.when(retry, { now: 4_000_000 });
    again.thenEvents(
      { type: 'execution.retried', facts: { step: '', blocks: [], deadline: 7_600_000 } },
      { type: 'step.started', facts: { step: 'pay', attempt: 2, deadline: 4_300_000 } },
    );
    expect(over.after(retry).after(completed('pay', 2)).state.status).toBe('completed');
  });

  test('is undone instead when somebody says so, where that is theirs to say', () => {
    const definition = define(`
workflow: trip
timeout: 1h
activities: [{ name: book }, { name: pay }]
compensation: { mode: manual, timeout: 5m }
compensation_activities: { book: { activity: cancel } }
error_handling: { workflow_error: { strategy: compensate } }
`);
    const over = given(definition).after(start()).after(completed('book'));
    over
      .when(fire('run', '', 3_600_000), { now: 3_600_000 })
      .thenEvents(
        { type: 'timer.fired' },
        { type: 'step.cancelled', facts: { step: 'pay' } },
        { type: 'execution.failed', facts: { step: '', uncompensated: ['book'], awaits: 'compensation' } },
      );
    over
      .after(fire('run', '', 3_600_000), { now: 3_600_000 })
      .when({ type: 'compensate', reason: '' }, { now: 4_000_000 })
      .thenEvents(
        { type: 'execution.retried', facts: { step: '', compensates: true } },
        { type: 'saga.compensating', facts: { errorType: 'Timeout', steps: ['book'], deadline: 4_300_000 } },
        { type: 'step.compensating' },
      );
  });

  test('begins the block anew whose time was over', () => {
    const over = given(trip)
      .after(start())
      .after(fire('step', 'both', 600_000), { now: 600_000 });
    expect(over.state.status).toBe('failed');
    over
      .when(retry, { now: 700_000 })
      .thenEvents(
        { type: 'execution.retried', facts: { step: 'both', blocks: [] } },
        { type: 'step.started', facts: { step: 'both', attempt: 2, deadline: 1_300_000 } },
        { type: 'step.started', facts: { step: 'both[left].book', deadline: 760_000 } },
        { type: 'step.started', facts: { step: 'both[right].ask' } },
        { type: 'signal.awaited' },
      );
  });

  test('tells the step that failed nothing of how far its fallback was', () => {
    const definition = define(`
workflow: copy
activities: [{ name: send, fallback: { activity: mail } }]
`);
    const gone = given(definition)
      .after(start())
      .after(failed('send'))
      .after({ type: 'heartbeat', step: 'send', attempt: 2, progress: 7 })
      .after(failed('send', 2));
    expect(progressOf(gone.after(retry).state, 'send', 'send')).toBeUndefined();
  });

  test('has no limits where its author sets none', () => {
    const definition = define(`
workflow: free
activities: [{ name: both, parallel: { branches: { left: [{ name: book }] } } }]
`);
    const { events } = given(definition).after(start()).after(failed('both[left].book')).when(retry);
    expect(events[0]?.facts).toEqual({ workflow: 'free', step: 'both[left].book', blocks: ['both'] });
  });
});

describe('a run that is paused', () => {
  test('reaches its limits when it is resumed', () => {
    const paused = given(trip).after(start()).after(pause);
    expect(limits(paused)).toEqual([]);
    for (const [limit, step, dueAt] of [
      ['step', 'both', 600_000],
      ['run', '', 3_600_000],
    ] as const) {
      paused.when(fire(limit, step, dueAt), { now: 4_000_000 }).thenNothing();
      const resumed = paused.after(resume, { now: 4_000_000 });
      expect(limits(resumed)).toContainEqual([limit, step, dueAt]);
      const [first] = resumed.when(fire(limit, step, dueAt), { now: 4_000_000 }).events;
      expect(first).toMatchObject({ type: 'timer.fired', facts: { purpose: limit } });
    }
  });

  test('records how far the attempts are that are still under way', () => {
    given(trip)
      .after(start())
      .after(pause)
      .when({ type: 'heartbeat', step: 'both[left].book', attempt: 1, progress: 1 })
      .thenTypes('step.heartbeat');
  });
});
