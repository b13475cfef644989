import { expect, it } from 'vitest';
import { createSeen } from '../../src/projections/seen.ts';

const ids = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}0190c0de-${n}:pay:1`);

it('knows few texts exactly', () => {
  const seen = createSeen();
  for (const id of ids(4_096, 'a')) seen.add(id);
  expect(ids(4_096, 'a').every(seen.has)).toBe(true);
  expect(ids(4_096, 'b').some(seen.has)).toBe(false);
});

it('never denies one of very many, and takes hardly any other for one of them', () => {
  const seen = createSeen();
  for (const id of ids(300_000, 'a')) seen.add(id);
  expect(ids(300_000, 'a').every(seen.has)).toBe(true);
  expect(ids(100_000, 'b').filter(seen.has).length).toBeLessThan(100);
});
