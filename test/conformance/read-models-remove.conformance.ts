import { describe, expect, it } from 'vitest';
import { eachWith, freshCollection, newDocuments, type Open } from './read-models-samples.ts';

/** Removing documents. */
export const removeConformance = (open: Open): void => {
  describe('removing documents', () => {
    const subject = eachWith(open);
    const docs = { a: { of: 'x', n: 1 }, b: { of: 'y', n: 2 }, c: { of: 'x', n: 3 }, d: { n: 4 } };

    const removed = async (
      which: Parameters<typeof subject.readModels.remove>[1],
      upTo: bigint,
    ): Promise<readonly string[]> => {
      await subject.readModels.remove(subject.collection, which, upTo);
      return subject.keys();
    };

    it.each([['of'], []])(
      'removes those that meet all conditions, whatever is indexed: %s',
      async (...index) => {
        await subject.prepare(...(index.length === 0 ? [] : [index]));
        await subject.seed(docs);
        expect(
          await removed(
            [
              { field: 'of', op: 'eq', value: 'x' },
              { field: 'n', op: 'gt', value: 1 },
            ],
            9n,
          ),
        ).toEqual(['a', 'b', 'd']);
        expect(await removed([{ field: 'of', op: 'in', values: ['x', 'z'] }], 9n)).toEqual(['b', 'd']);
      },
    );

    it('leaves those that something behind the position is folded into', async () => {
      await subject.prepare(['of']);
      await subject.seed(docs);
      expect(await removed([{ field: 'of', op: 'eq', value: 'x' }], 2n)).toEqual(['b', 'c', 'd']);
      expect(await removed([{ field: 'of', op: 'eq', value: 'x' }], 3n)).toEqual(['b', 'd']);
    });

    it('removes all without a condition, and positions beyond what a number holds', async () => {
      await subject.prepare();
      const [first] = newDocuments(docs);
      const position = 2n ** 62n;
      if (first !== undefined) await subject.readModels.write(subject.collection, [{ ...first, position }]);
      expect(await removed([], position - 1n)).toEqual(['a']);
      expect(await removed([], position)).toEqual([]);
    });

    it('removes those of some keys, and what an index has of their lists with them', async () => {
      await subject.readModels.prepare(subject.collection, [{ each: 'tags', fields: ['n'] }]);
      await subject.seed({ a: { n: 1, tags: ['x'] }, b: { n: 2, tags: ['x'] }, c: { n: 3, tags: ['x'] } });
      expect(await removed({ keyIn: ['c', 'nobody', 'a'] }, 2n)).toEqual(['b', 'c']);
      expect(await removed({ keyIn: [] }, 9n)).toEqual(['b', 'c']);
      expect(await removed({ keyIn: ['c'] }, 9n)).toEqual(['b']);
      const where = [{ field: 'tags', op: 'has', values: ['x'] }] as const;
      expect(await subject.keys({ where, orderBy: [{ field: 'n', direction: 'asc' }] })).toEqual(['b']);
    });

    it('removes those that have one text within a span, not one on each side of it', async () => {
      await subject.readModels.prepare(subject.collection, [{ each: 'tags', fields: ['n'] }]);
      await subject.seed({ a: { tags: ['a', 'd'] }, b: { tags: ['b'] }, c: { tags: ['a', 'b', 'd'] } });
      const within = [{ field: 'tags', op: 'hasWithin', from: 'b', before: 'c' }] as const;
      expect(await removed(within, 2n)).toEqual(['a', 'c']);
      expect(await removed(within, 9n)).toEqual(['a']);
    });

    it('lets a document of the same key be written anew', async () => {
      await subject.prepare(['of']);
      await subject.seed(docs);
      await removed([{ field: 'of', op: 'eq', value: 'y' }], 9n);
      await subject.seed({ b: { of: 'z' } });
      expect(await subject.keys({ where: [{ field: 'of', op: 'eq', value: 'z' }] })).toEqual(['b']);
    });

    it('takes what an index has of their lists with them', async () => {
      await subject.readModels.prepare(subject.collection, [{ each: 'tags', fields: ['n'] }]);
      const has = { where: [{ field: 'tags', op: 'has', values: ['x', 'y'] }], orderBy: [] } as const;
      await subject.seed({ a: { n: 1, tags: ['x', 'y'] }, b: { tags: ['x'] }, c: { n: 3 } });
      expect(await removed([{ field: 'n', op: 'eq', value: 1 }], 9n)).toEqual(['b', 'c']);
      const by = [{ field: 'n', direction: 'asc' }] as const;
      expect(await subject.keys({ ...has, orderBy: by })).toEqual(['b']);
      await subject.seed({ a: { n: 1, tags: ['x'] } });
      expect(await subject.keys({ ...has, orderBy: by })).toEqual(['b', 'a']);
      expect(await removed([], 9n)).toEqual([]);
      expect(await subject.keys({ ...has, orderBy: by })).toEqual([]);
    });

    it('is harmless a second time, and where there is no such collection', async () => {
      await subject.prepare(['of']);
      await subject.seed(docs);
      const where = [{ field: 'of', op: 'eq', value: 'y' }] as const;
      expect(await removed(where, 9n)).toEqual(await removed(where, 9n));
      await subject.readModels.remove(freshCollection(), where, 9n);
    });

    it('refuses a field that could mean anything else to a store', async () => {
      await subject.prepare();
      const where = [{ field: '$where', op: 'eq', value: 1 }] as const;
      await expect(subject.readModels.remove(subject.collection, where, 9n)).rejects.toThrow(TypeError);
    });
  });
};
