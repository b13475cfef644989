import { expect, it } from 'vitest';
import { simulate } from './simulate.ts';

it('does the same for the same seed, to the byte', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const [first, second] = [await simulate(seed), await simulate(seed)];
    expect(second).toEqual(first);
  }
});

it('does something else for every other seed', async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 40; seed += 1) hashes.add((await simulate(seed)).hash);
  expect(hashes.size).toBe(40);
});

it('takes neither time, chance nor ids from the machine', async () => {
  const { now } = Date;
  const { random } = Math;
  const refuse = (): never => {
    throw new Error('Expected a run to ask its own world, but it asked the machine.');
  };
  Date.now = refuse;
  Math.random = refuse;
  try {
    for (let seed = 1; seed <= 20; seed += 1) expect((await simulate(seed)).found).toEqual([]);
  } finally {
    Date.now = now;
    Math.random = random;
  }
});
