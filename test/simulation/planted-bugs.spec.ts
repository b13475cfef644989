import { expect, it } from 'vitest';
import { PLANTED } from './planted.ts';
import { simulate, type Report } from './simulate.ts';
import type { Planted } from './world.ts';

/** Seeds that are tried before a bug is said to have gone unseen. */
const MOST = 150;

const hunt = async (planted: Planted): Promise<Report | undefined> => {
  for (let seed = 1; seed <= MOST; seed += 1) {
    const report = await simulate(seed, { planted });
    if (report.found.length > 0) return report;
  }
  return undefined;
};

it.each(Object.entries(PLANTED))('finds out that %s', async (bug, planted) => {
  const report = await hunt(planted);
  console.log(`${bug}: seed ${report?.seed}, ${report?.found[0]?.invariant}`);
  expect(report?.found[0]?.invariant).toEqual(expect.any(String));
});
