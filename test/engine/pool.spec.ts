import { expect, it } from 'vitest';
import { createPool } from '../../src/engine/pool.ts';

it('does so much at a time, in order, and goes on when something fails', async () => {
  const pool = createPool(2);
  const begun: number[] = [];
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
  const results = ends.map(({ promise }, n) =>
    pool(() => {
      begun.push(n);
      return promise;
    }),
  );
  const settled = Promise.allSettled(results);
  expect(begun).toEqual([0, 1]);
  ends[1]?.reject(new Error('gone'));
  await expect(results[1]).rejects.toThrow('gone');
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  for (const [n, { resolve }] of ends.entries()) resolve(n);
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});
