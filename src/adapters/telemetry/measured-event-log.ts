import type { Meter } from '@opentelemetry/api';
import type { EventLog } from '../../ports/event-log.ts';
import { createEventCounts } from './event-counts.ts';
import { outcomeOf } from './outcome-of.ts';

// A local file answers in fractions of a millisecond, a cluster in milliseconds, and patience is over after ten seconds.
const SECONDS = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 10];

/** The same log, whose appends are timed, and counted by what they make durable. A conflict is an outcome like any. */
export const measuredEventLog = (log: EventLog, meter: Meter): EventLog => {
  const count = createEventCounts(meter);
  const appends = meter.createHistogram('sagalog.log.append.duration_seconds', {
    description: 'Appends to the log, by how they ended.',
    advice: { explicitBucketBoundaries: SECONDS },
  });
  return {
    ...log,
    append: async (commit) => {
      const from = performance.now();
      const timed = (outcome: string): void =>
        appends.record((performance.now() - from) / 1_000, { outcome });
      try {
        const appended = await log.append(commit);
        timed('ok');
        count(commit.events);
        return appended;
      } catch (error) {
        timed(outcomeOf(error));
        throw error;
      }
    },
  };
};
