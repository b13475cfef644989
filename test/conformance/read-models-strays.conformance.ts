import { describe, expect, it } from 'vitest';
import type { ReadModels, Stray, StrayPlace } from '../../src/ports/read-models.ts';
import { eachWith, freshCollection, type Open } from './read-models-samples.ts';

const ANYWHERE = 2n ** 53n;

/** All strays of a collection, looked for so many documents and entries at a time; nothing is written on unless `upTo` says so. */
export const straysOf = async (
  readModels: Pick<ReadModels, 'strays'>,
  collection: string,
  limit: number,
  upTo = ANYWHERE,
): Promise<readonly Stray[]> => {
  const found: Stray[] = [];
  let from: StrayPlace | undefined;
  do {
    const { strays, looked, next } = await readModels.strays(collection, from, limit, upTo);
    expect(looked).toBeLessThanOrEqual(limit);
    found.push(...strays);
    from = next;
  } while (from !== undefined);
  return found;
};

// Whatever a store has its own way of keeping.
const DOCS = {
  a: { at: 3, n: 1, tags: ['x', 'y'] },
  b: { at: 2.5, n: -0, tags: ['x', 1, null, 'x'] },
  c: { n: 2 ** 53, tags: ['', 'a\0b', 'é', '😀'] },
  d: { at: null, n: 'text\0', tags: [] },
  e: { at: 'a', n: '\ud800', tags: ['\udc00', 'z'] },
  f: { at: { x: 1 }, n: [1], tags: 'x' },
  '': { at: true, tags: ['x', ''] },
};

/** What is come by otherwise than it says: nothing, as long as nobody but the store writes. */
export const straysConformance = (open: Open): void => {
  describe('strays', () => {
    const subject = eachWith(open);

    it.each([
      [1, ANYWHERE],
      [2, ANYWHERE],
      [3, 4n],
      [100, 0n],
    ])('are none of what was written, written again and removed, by %d, up to %d', async (limit, upTo) => {
      const { readModels, collection } = subject;
      await readModels.prepare(collection, [{ fields: ['n', 'at'] }, { each: 'tags', fields: ['at'] }]);
      await subject.seed(DOCS);
      expect(await straysOf(readModels, collection, limit, upTo)).toEqual([]);
      await readModels.write(collection, [
        { key: 'a', doc: { n: null, tags: ['y', 'z'] }, position: 9n, expected: 1n },
        { key: 'b', doc: { at: 7, n: 'b' }, position: 9n, expected: 2n },
        { key: 'c', doc: { at: 1, n: 'lost' }, position: 9n, expected: 77n },
      ]);
      await readModels.remove(collection, { keyIn: ['e', ''] }, 99n);
      expect(await straysOf(readModels, collection, limit, upTo)).toEqual([]);
    });

    it('are none of what got its indexes later, or another name', async () => {
      const { readModels, collection } = subject;
      await subject.prepare();
      await subject.seed(DOCS);
      await readModels.prepare(collection, [{ fields: ['n'] }, { each: 'tags', fields: ['at'] }]);
      expect(await straysOf(readModels, collection, 2)).toEqual([]);
      const other = freshCollection();
      await readModels.rename(collection, other);
      expect(await straysOf(readModels, other, 2)).toEqual([]);
      await readModels.drop(other);
    });

    it('are none where there is no collection', async () => {
      expect(await straysOf(subject.readModels, freshCollection(), 5)).toEqual([]);
    });
  });
};
