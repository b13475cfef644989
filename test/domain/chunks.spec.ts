import { describe, expect, test } from 'vitest';
import { appended, withItem, type Chunks } from '../../src/domain/chunks.ts';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
const EMPTY: Chunks<number> = [];

/** How many of the arrays that a list is made of are not those of another one. */
const copied = (after: Chunks<number>, before: Chunks<number>): number =>
  after.filter((chunk) => !before.includes(chunk)).reduce((sum, { length }) => sum + length, 0);

describe('a list that grows long', () => {
  test('holds what was put behind it, in that order', () => {
    expect(numbers(1_000).reduce(appended, EMPTY).flat()).toEqual(numbers(1_000));
  });

  test.each([
    ['forwards', numbers(300)],
    ['backwards', numbers(300).toReversed()],
    ['across', numbers(300).map((n) => (n * 7) % 300)],
  ])('holds what was put into its places %s', (_way, places) => {
    const all = places.reduce((list, n) => withItem<number>(list, n, n * 2, -1), EMPTY);
    expect(all.flat()).toEqual(numbers(300).map((n) => n * 2));
  });

  test.each([0, 1, 63, 64, 65, 200])('fills places that have nothing, before %i', (index) => {
    expect(withItem<number>(EMPTY, index, 7, 0).flat()).toEqual([...numbers(index).map(() => 0), 7]);
    expect(withItem<number>([[5]], index, 7, 0).flat()).toEqual(
      index === 0 ? [7] : [5, ...numbers(index - 1).map(() => 0), 7],
    );
  });

  test('shares with what it was all but a small part, which it never changes', () => {
    const long = Object.freeze(
      numbers(10_000)
        .reduce(appended, EMPTY)
        .map((chunk) => Object.freeze(chunk)),
    );
    expect(copied(appended(long, 1), long)).toBeLessThan(100);
    expect(copied(withItem<number>(long, 5_000, 1, 0), long)).toBeLessThan(100);
    expect(long.flat()).toEqual(numbers(10_000));
  });
});
