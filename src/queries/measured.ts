import { Rejection } from '../domain/rejection.ts';
import { BUCKET, bucketOf } from '../projections/bucket.ts';
import type { DurationsDocument } from '../projections/durations.projection.ts';
import { mergeDurations } from '../projections/merge-durations.ts';
import { mean, quantile, RELATIVE_ERROR } from '../projections/sketch.ts';
import type { Window } from '../projections/sum-outcomes.ts';
import type { Metrics } from './queries.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONGEST = 92 * 24 * HOUR;
/** The most points of a series. */
const MANY = 1_000;

/** The whole buckets that a time span touches; the last hour when nothing is said. Throws `Rejection` (`BAD_USER_INPUT`). */
export const windowOf = (now: number, from: number | undefined, to: number | undefined): Window => {
  const end = to ?? now;
  const begin = from ?? end - HOUR;
  const found = `${new Date(begin).toISOString()} to ${new Date(end).toISOString()}`;
  if (begin >= end || end - begin > LONGEST) {
    throw new Rejection(
      'BAD_USER_INPUT',
      `Expected a time span of at most 92 days with its beginning before its end, but found ${found}.`,
      { field: 'from', found, expected: 'from before to, at most 92 days' },
    );
  }
  return { from: bucketOf(begin), to: bucketOf(end + BUCKET - 1) };
};

/** The windows of so many ms that a window is made of, the last one cut off at its end. Throws `Rejection` (`BAD_USER_INPUT`). */
export const stepsOf = ({ from, to }: Window, step: number): readonly Window[] => {
  const count = Math.ceil((to - from) / step);
  if (!(step >= BUCKET) || step % BUCKET !== 0 || count > MANY) {
    const expected = `whole quarters of an hour, of which the time span has at most ${MANY}`;
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

/** The measures of the buckets of a window. */
export const measured = (buckets: readonly DurationsDocument[], window: Window, now: number): Metrics => {
  const { all, completed, failed, slowest } = mergeDurations(buckets);
  // Of a window that is not over, only what has passed can have seen anything.
  const passed = Math.max(Math.min(window.to, now) - window.from, MINUTE);
  const isAny = all.count > 0;
  return {
    executionTime: {
      avg: mean(all),
      min: isAny ? all.min : undefined,
      max: isAny ? all.max : undefined,
      relativeError: RELATIVE_ERROR,
      quantile: (q) => quantile(all, q),
    },
    count: all.count,
    successRate: percent(completed.count, all.count),
    errorRate: percent(failed.count, all.count),
    throughput: all.count / (passed / MINUTE),
    window,
    slowest,
  };
};
