import { expect, it } from 'vitest';
import { startDigest } from '../../src/domain/digest.ts';

const digestOf = (...entries: readonly (readonly [string, string])[]) => {
  const digest = startDigest();
  for (const [key, text] of entries) digest.add(key, text);
  return digest.value();
};

it('is the same in any order, and counts', () => {
  expect(digestOf(['a', '1'], ['b', '2'], ['c', '3'])).toEqual(digestOf(['c', '3'], ['a', '1'], ['b', '2']));
  expect(digestOf(['a', '1'], ['b', '2'])).toMatchObject({ documents: 2 });
  expect(digestOf()).toEqual({ documents: 0, checksum: '0000000000000000' });
});

it('is another one when a text, a key, or where a key ends is another', () => {
  const sums = [
    digestOf(['a', '1']),
    digestOf(['a', '2']),
    digestOf(['b', '1']),
    digestOf(['a1', '']),
    digestOf(['', 'a1']),
    digestOf(['a', '1'], ['b', '']),
  ].map(({ checksum }) => checksum);
  expect(new Set(sums).size).toBe(sums.length);
  for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{16}$/);
});
