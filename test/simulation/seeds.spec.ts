import { expect, it } from 'vitest';
import { simulate } from './simulate.ts';

const SEEDS = 300;

it(`holds every invariant over ${SEEDS} seeds`, async () => {
  const found: object[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const report = await simulate(seed);
    if (report.found.length > 0) found.push(report);
  }
  expect(found).toEqual([]);
}, 120_000);

it('does the same for the same seed, to the byte', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const [first, second] = [await simulate(seed), await simulate(seed)];
    expect(second).toEqual(first);
  }
});
