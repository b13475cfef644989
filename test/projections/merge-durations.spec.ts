import { expect, test } from 'vitest';
import { BUCKET } from '../../src/projections/bucket.ts';
import { durations } from '../../src/projections/durations.projection.ts';
import { mergeDurations } from '../../src/projections/merge-durations.ts';
import { quantile, RELATIVE_ERROR } from '../../src/projections/sketch.ts';
import { given, happened } from '../spec/given.ts';
import * as s from './samples.ts';

const MANY = 6_000;
/** About a week of them. */
const BUCKETS = 671;

/** Durations with a heavy tail (Pareto), always the same ones. */
const heavyTail = (): readonly number[] => {
  let seed = 7;
  return Array.from({ length: MANY }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.ceil(20 / (1 - seed / 2_147_483_648) ** (1 / 1.1));
  });
};

test('every quantile of a week, merged from the buckets of versions and steps, is within its error of the exact one', () => {
  const took = heavyTail();
  const history = took.map((duration, n) => ({
    ...happened(
      `execution-e${n}`,
      ((n * 37) % BUCKETS) * BUCKET,
      n % 5 === 0
        ? s.stepFailed('pay', duration)
        : s.stepCompleted(n % 2 === 0 ? 'pay' : `each[${n}].pay`, duration, 1, 'pay'),
    ),
    definition: `sha256:${n % 3}`,
  }));
  const documents = [...given(durations, ...history).documents.values()];
  expect(documents.length).toBeGreaterThan(3 * BUCKETS);
  const { all, slowest } = mergeDurations(documents);
  const sorted = took.toSorted((a, b) => a - b);
  expect(all).toMatchObject({ count: MANY, sum: took.reduce((sum, ms) => sum + ms, 0) });
  expect(slowest.map(({ duration }) => duration)).toEqual(sorted.slice(-3).toReversed());
  for (let permille = 0; permille <= 1_000; permille += 1) {
    const exact = sorted[Math.floor((permille / 1_000) * (MANY - 1))] ?? Number.NaN;
    const found = quantile(all, permille / 1_000) ?? Number.NaN;
    expect(Math.abs(found - exact) / exact, `${permille} ‰`).toBeLessThanOrEqual(RELATIVE_ERROR);
  }
});
