import { expect, it } from 'vitest';
import { PLANTED } from './planted.ts';
import { PLANTED_IN_MANY } from './planted-in-many.ts';
import { PLANTED_IN_RETENTION } from './planted-in-retention.ts';
import { simulate, type Report } from './simulate.ts';
import type { WorldOptions } from './world.ts';

/** Seeds that are tried before a bug is said to have gone unseen. */
const MOST = 500;

const hunt = async (options: WorldOptions): Promise<Report | undefined> => {
  for (let seed = 1; seed <= MOST; seed += 1) {
    const report = await simulate(seed, options);
    if (report.found.length > 0) return report;
  }
  return undefined;
};

/** The invariant that finds a bug first. */
const finderOf = async (bug: string, options: WorldOptions): Promise<string | undefined> => {
  const report = await hunt(options);
  const invariant = report?.found[0]?.invariant;
  console.log(`${bug}: seed ${report?.seed}, ${invariant}`);
  return invariant;
};

it.each(Object.entries(PLANTED))('finds out that %s', async (bug, planted) => {
  expect(await finderOf(bug, { planted })).toEqual(expect.any(String));
});

it.each(Object.entries(PLANTED_IN_MANY))('finds out of several nodes that %s', async (bug, planted) => {
  expect(await finderOf(bug, { planted, shared: true })).toEqual(expect.any(String));
});

it.each(Object.entries(PLANTED_IN_RETENTION))(
  'finds out of what is kept no longer that %s',
  async (bug, planted) => {
    expect(await finderOf(bug, { planted, retains: true })).toEqual(expect.any(String));
  },
);
