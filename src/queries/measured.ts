import { durationText } from '../domain/duration.ts';
import { Rejection } from '../domain/rejection.ts';
import { BUCKET, bucketOf } from '../projections/bucket.ts';
import type { Durations } from '../projections/merge-durations.ts';
import type { Gate } from '../domain/execution/admission-events.ts';
import { OTHER_TYPES } from '../projections/failure-counts.ts';
import type { Incidents } from '../projections/incidents.projection.ts';
import { mean, quantile, RELATIVE_ERROR, type Sketch } from '../projections/sketch.ts';
import type { Window } from '../projections/sum-outcomes.ts';
import type { Metrics, Taken, Times, Troubles } from './metrics-queries.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The most points of a series. */
const MANY = 1_000;

/** The whole buckets that a time span touches; the last hour when nothing is said. Throws `Rejection` (`BAD_USER_INPUT`). */
export const windowOf = (
  now: number,
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
): Window => {
  const end = to ?? now;
  const begin = from ?? end - HOUR;
  const found = `${new Date(begin).toISOString()} to ${new Date(end).toISOString()}`;
  if (begin >= end) {
    throw new Rejection(
      'BAD_USER_INPUT',
      `Expected a time span with its beginning before its end, but found ${found}.`,
      { field: 'from', found, expected: 'from before to' },
    );
  }
  return { from: bucketOf(begin), to: bucketOf(end + BUCKET - 1) };
};

/** The windows of so many ms that a window is made of, the last one cut off at its end. Throws `Rejection` (`BAD_USER_INPUT`). */
export const stepsOf = ({ from, to }: Window, step: number): readonly Window[] => {
  const count = Math.ceil((to - from) / step);
  if (!(step >= BUCKET) || step % BUCKET !== 0 || count > MANY) {
    const least = Math.ceil((to - from) / MANY / BUCKET) * BUCKET;
    const expected = `steps of whole quarters of an hour, at most ${MANY} in the time span: of ${durationText(least)} or more`;
    throw new Rejection('BAD_USER_INPUT', `Expected ${expected}, but found ${step / MINUTE} minutes.`, {
      field: 'step',
      found: `${step / MINUTE}m`,
      expected,
    });
  }
  return Array.from({ length: count }, (_, n) => ({
    from: from + n * step,
    to: Math.min(to, from + (n + 1) * step),
  }));
};

const percent = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : (100 * part) / whole;

const timesOf = (sketch: Sketch): Times => {
  const isAny = sketch.count > 0;
  return {
    avg: mean(sketch),
    min: isAny ? sketch.min : undefined,
    max: isAny ? sketch.max : undefined,
    relativeError: RELATIVE_ERROR,
    quantile: (q) => quantile(sketch, q),
  };
};

/** How long things took, and how they ended. */
export const takenOf = ({ all, completed, failed, slowest }: Durations): Taken => ({
  executionTime: timesOf(all),
  count: all.count,
  successRate: percent(completed.count, all.count),
  errorRate: percent(failed.count, all.count),
  slowest,
});

const troublesOf = ({ retries, reopened, opened, rejected, waited, failures }: Incidents): Troubles => {
  const rejections = Object.entries(rejected).map(([gate, count]) => ({ gate: gate as Gate, count }));
  return {
    retries,
    reopened,
    breakerOpenings: opened,
    rejections: rejections.sort((one, other) => other.count - one.count || (one.gate < other.gate ? -1 : 1)),
    waits: waited.count,
    waitTime: timesOf(waited),
    failures: failures.map(({ errorType, count, ...last }) => ({
      errorType: errorType === OTHER_TYPES ? undefined : errorType,
      count,
      last,
    })),
  };
};

/** What the views have of a time span, merged. */
export interface Figures {
  readonly durations: Durations;
  readonly incidents: Incidents;
}

/** The measures of a window. */
export const measured = ({ durations, incidents }: Figures, window: Window, now: number): Metrics => {
  const taken = takenOf(durations);
  // Of a window that is not over, only what has passed can have seen anything.
  const passed = Math.max(Math.min(window.to, now) - window.from, MINUTE);
  return { ...taken, ...troublesOf(incidents), throughput: taken.count / (passed / MINUTE), window };
};
