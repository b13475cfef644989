import { NO_OUTCOMES, type Outcomes, type OutcomesDocument } from './outcomes.projection.ts';

/** A span of time, ms since the Unix epoch: from `from` up to before `to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What became of executions in the buckets that begin in a window. */
export const sumOutcomes = (buckets: Iterable<OutcomesDocument>, { from, to }: Window): Outcomes => {
  const sum: { -readonly [Field in keyof Outcomes]: number } = { ...NO_OUTCOMES };
  for (const doc of buckets) {
    if (doc.bucket < from || doc.bucket >= to) continue;
    sum.started += doc.started;
    sum.completed += doc.completed;
    sum.failed += doc.failed;
    sum.cancelled += doc.cancelled;
    sum.compensated += doc.compensated;
    sum.duration += doc.duration;
    sum.completedDuration += doc.completedDuration;
  }
  return sum;
};
