import { expect, it } from 'vitest';
import { fuzz } from '../fuzz/fuzz.ts';
import { startPlanted } from '../fuzz/planted.ts';

const SEED = 7;
const OPERATIONS = 1_000;

it(`answers ${OPERATIONS} random operations, right and wrong ones, without a fault and without a leak (seed ${SEED})`, async () => {
  const planted = await startPlanted();
  try {
    const { broken, kinds, codes } = await fuzz(planted, { seed: SEED, operations: OPERATIONS, from: 0 });
    expect(broken).toEqual([]);
    expect(planted.server.log()).toBe('');
    expect(Object.keys(kinds)).toHaveLength(7);
    // Operations that nobody may, or that cannot even be read, find nothing.
    expect(codes['OK']).toBeGreaterThan(OPERATIONS / 20);
    expect(Object.keys(codes).length).toBeGreaterThan(20);
  } finally {
    expect(await planted.close()).toBe(0);
  }
});
