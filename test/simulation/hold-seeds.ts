import { expect, it } from 'vitest';
import { simulate } from './simulate.ts';

/** What the seeds of one file have to make happen, so that holding them to the invariants says something. */
const HAPPENS = [
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'saga.compensated',
  'step.queued',
  'step.skipped',
  'step.retry_scheduled',
  'step.compensation_failed',
  'variables.set',
  'timer.fired',
  'signal.received',
  'event.emitted',
  'execution.paused',
  'execution.resumed',
  'execution.retried',
  'execution.migrated',
  'execution.queued',
  'execution.admitted',
  'step.requested',
  'step.admitted',
  'step.rejected',
  'limiter.requested',
  'limiter.released',
  'rate.reserved',
  'breaker.opened',
  'breaker.half_opened',
  'breaker.closed',
  'approval.decided',
  'approval.withdrawn',
  'notification.sent',
  'notification.failed',
  'notification.dead_lettered',
  'notification.resend_requested',
  'schedule.fired',
  'trigger.fired',
  'trigger.skipped',
  'trigger.gathered',
  'trigger.released',
  'schedule.skipped',
  'schedule.paused',
  'retention.ended',
  'execution.removed',
  'execution.restored',
  'execution.condensed',
  'truncation.ended',
  'partition.claimed',
  'partition.renewed',
  'partition.released',
];

/** Holds as many seeds, from one on, to every invariant. */
export const holdSeeds = (first: number, count: number): void => {
  it(`hold every invariant: ${count} seeds from ${first} on`, { timeout: 300_000 }, async () => {
    const seen = new Set<string>();
    for (let seed = first; seed < first + count; seed += 1) {
      const { found, last, types } = await simulate(seed);
      expect({ seed, found }, `npm run simulate -- --seed ${seed}\n${last.join('\n')}`).toEqual({
        seed,
        found: [],
      });
      for (const type of Object.keys(types)) seen.add(type);
    }
    expect(HAPPENS.filter((type) => !seen.has(type))).toEqual([]);
  });
};
