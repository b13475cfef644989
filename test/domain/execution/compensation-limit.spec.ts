import { describe, expect, test } from 'vitest';
import type { FireTimer } from '../../../src/domain/execution/commands.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { completed, define, failed, given, notUndone, start, undone } from '../../spec/execution.ts';

const trip = define(`
workflow: trip
activities: [{ name: flight }, { name: hotel }, { name: car }, { name: pay }]
compensation: { timeout: 5m, activities: [{ name: tell }] }
compensation_activities:
  flight: { activity: cancel_flight }
  hotel: { activity: cancel_hotel }
  car: { activity: cancel_car }
error_handling:
  activity_error: { retry: { max_attempts: 2, backoff: { initial: 1m, jitter: 0 } } }
  workflow_error: { strategy: compensate }
`);

const over: FireTimer = { type: 'fire_timer', step: '', dueAt: 301_000, limit: 'compensation' };
const failing = () =>
  given(trip)
    .after(start())
    .after(completed('flight'))
    .after(completed('hotel'))
    .after(completed('car'))
    .after(failed('pay'));
const undoing = () =>
  failing().after({ type: 'fire_timer', step: 'pay', dueAt: 60_000 }).after(failed('pay', 2), { now: 1_000 });

describe('the time of an undoing', () => {
  test('is told of when it begins, and counts over all of it', () => {
    const begun = failing().after({ type: 'fire_timer', step: 'pay', dueAt: 60_000 });
    begun
      .when(failed('pay', 2), { now: 1_000 })
      .thenEvents({}, { type: 'saga.compensating', facts: { deadline: 301_000 } }, {});
    const limit = { kind: 'timer', step: '', dueAt: 301_000, limit: 'compensation' };
    for (const later of [
      undoing(),
      undoing().after(undone('car')),
      undoing().after(notUndone('car')),
      undoing().after(notUndone('car')).after({ type: 'fire_timer', step: 'car', dueAt: 60_000 }),
    ])
      expect(pendingOf(trip, later.state).at(-1)).toEqual(limit);
  });

  test('is over: the run has failed, and what is left is listed behind what could not be undone', () => {
    const half = undoing()
      .after(notUndone('car'))
      .after({ type: 'fire_timer', step: 'car', dueAt: 60_000 }, { now: 60_000 })
      .after(notUndone('car', 2), { now: 60_000 })
      .after(undone('hotel'), { now: 70_000 });
    const cut = half.when(over, { now: 301_000 });
    cut.thenEvents(
      { type: 'timer.fired', facts: { step: '', dueAt: 301_000, purpose: 'compensation' } },
      {
        type: 'step.compensation_failed',
        facts: { step: 'flight', attempt: 1, errorType: 'Timeout', duration: 231_000 },
        payload: { error: { details: { kind: 'compensation' } } },
      },
      {
        type: 'execution.failed',
        facts: {
          step: 'pay',
          errorType: 'Error',
          from: 'compensating',
          uncompensated: ['car', 'flight', 'tell'],
        },
      },
    );
    expect(pendingOf(trip, cut.state)).toEqual([]);
  });

  test('is over while the next attempt is waited for, or somebody to serve it', () => {
    undoing().after(notUndone('car')).when(over).thenTypes('timer.fired', 'execution.failed');
    undoing()
      .after(undone('car'), { unserved: ['cancel_hotel'] })
      .when(over)
      .thenTypes('timer.fired', 'execution.failed');
  });

  test('is given again, whole, to what is left when somebody retries that', () => {
    const cut = undoing().after(undone('car')).after(over, { now: 301_000 });
    const again = cut.when({ type: 'retry', reason: 'mended' }, { now: 400_000 });
    again.thenEvents(
      { type: 'execution.retried', facts: { workflow: 'trip', step: 'pay', blocks: [] } },
      { type: 'saga.compensating', facts: { steps: ['hotel', 'flight', 'tell'], deadline: 700_000 } },
      { type: 'step.compensating', facts: { step: 'hotel', attempt: 2 } },
    );
    expect(again.events[0]?.facts).not.toHaveProperty('deadline');
  });

  test('is over for a run that was called off: it is cancelled, and says what is left', () => {
    const cancel = { type: 'cancel', reason: 'too late', compensate: true } as const;
    given(trip)
      .after(start())
      .after(completed('flight'))
      .after(completed('hotel'))
      .after(cancel, { now: 1_000 })
      .when(over)
      .thenEvents(
        { type: 'timer.fired' },
        { type: 'step.compensation_failed', facts: { step: 'hotel' } },
        { type: 'execution.cancelled', facts: { uncompensated: ['hotel', 'flight', 'tell'] } },
      );
  });

  test('is reached at the end of a pause, not in it', () => {
    const paused = undoing().after({ type: 'pause', reason: '' });
    paused.when(over).thenNothing();
    paused
      .after({ type: 'resume', reason: '' })
      .when(over)
      .thenTypes('timer.fired', 'step.compensation_failed', 'execution.failed');
  });

  test('is over for nothing once the run has ended, or at another time', () => {
    const ended = undoing()
      .after(undone('car'))
      .after(undone('hotel'))
      .after(undone('flight'))
      .after(undone('tell'));
    expect(ended.state.status).toBe('compensated');
    ended.when(over).thenNothing();
    undoing()
      .when({ ...over, dueAt: 301_001 })
      .thenNothing();
    undoing()
      .when({ ...over, limit: 'run' })
      .thenNothing();
    failing().when(over).thenNothing();
  });
});
