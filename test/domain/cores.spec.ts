import { describe, expect, it } from 'vitest';
import { parseCores } from '../../src/domain/cores.ts';

describe('a number of cores', () => {
  it.each([
    ['2', 2_000],
    ['0.5', 500],
    ['500m', 500],
    ['0.5m', 1],
    ['0.0701', 71],
    [0.07, 70],
    [1.001, 1_001],
    [0, 0],
    [1e300, 2_147_483_647],
  ])('is so many thousandths of one: %s', (written, thousandths) => {
    expect(parseCores(written)).toBe(thousandths);
  });

  it.each(['', 'm', '-1', '1e3', '500 m', '2 cores', '.5'])('is none: %j', (written) => {
    expect(parseCores(written)).toBeUndefined();
  });
});
