import { describe, expect, it } from 'vitest';
import { createBoundedCache } from '../../src/domain/bounded-cache.ts';

const keptOf = (texts: readonly string[], characters: number): readonly string[] => {
  const cache = createBoundedCache<string>(characters);
  for (const text of texts) {
    // Whoever finds nothing there makes it.
    if (cache.get(text) === undefined) cache.set(text, text);
  }
  return [...new Set(texts)].filter((text) => cache.get(text) === text);
};

describe('a bounded cache', () => {
  it.each([
    ['all that there is room for', ['aa', 'bb', 'cc'], ['aa', 'bb', 'cc']],
    ['the latest, when there is not', ['aa', 'bb', 'cc', 'dd'], ['bb', 'cc', 'dd']],
    ['what was asked for again', ['aa', 'bb', 'cc', 'aa', 'dd'], ['aa', 'cc', 'dd']],
    ['one text of the longest', ['a', 'b', 'cccccc'], ['cccccc']],
    ['nothing that is longer than all of it', ['a', 'ccccccc'], ['a']],
  ])('keeps %s', (_, texts, kept) => {
    expect(keptOf(texts, 6)).toEqual(kept);
  });

  it('makes room only once for a text that is set again', () => {
    const cache = createBoundedCache<number>(6);
    for (const [text, n] of [
      ['aa', 1],
      ['aa', 2],
      ['aa', 3],
      ['bb', 4],
      ['cc', 5],
    ] as const)
      cache.set(text, n);
    expect(['aa', 'bb', 'cc'].map((text) => cache.get(text))).toEqual([3, 4, 5]);
  });
});
