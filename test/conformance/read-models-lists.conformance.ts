import { describe, expect, it } from 'vitest';
import type { OrderBy } from '../../src/ports/read-models.ts';
import { eachWith, freshCollection, newDocuments, type Open } from './read-models-samples.ts';

const DOCS = {
  a: { at: 3, tags: ['x', 'y'] },
  b: { at: 1, tags: ['x', 1, null, 'x'] },
  c: { at: 2, tags: ['y', 'xx'] },
  d: { tags: ['x'] },
  e: { at: 4, tags: 'x' },
  f: { at: 5, tags: { x: 'x' } },
  g: { at: 6 },
};

/** Lists of texts in documents, with an index and without. */
export const listsConformance = (open: Open): void => {
  describe.each([true, false])('a list, with an index of it: %s', (isIndexed) => {
    const subject = eachWith(open);
    const prepare = () =>
      subject.readModels.prepare(subject.collection, isIndexed ? [{ each: 'tags', fields: ['at'] }] : []);
    const has = (...values: readonly string[]) => ({ field: 'tags', op: 'has', values }) as const;
    const by = (direction: OrderBy['direction']) => [{ field: 'at', direction }] as const;

    it('is asked for a text that it has, in the order of another field, from a place on', async () => {
      await prepare();
      await subject.seed(DOCS);
      const keys = (...values: readonly string[]) =>
        subject.keys({ where: [has(...values)], orderBy: by('asc') });
      expect(await keys('x')).toEqual(['d', 'b', 'a']);
      expect(await keys('y')).toEqual(['c', 'a']);
      expect(await keys('x', 'y', 'nobody')).toEqual(['d', 'b', 'c', 'a']);
      expect(await keys('nobody')).toEqual([]);
      expect(await keys()).toEqual([]);
      const query = { where: [has('x')], orderBy: by('desc') };
      expect(await subject.keys(query)).toEqual(['a', 'b', 'd']);
      expect(await subject.keys({ ...query, after: { values: [3], key: 'a' } })).toEqual(['b', 'd']);
      expect(await subject.keys({ ...query, after: { values: [1], key: 'b' } })).toEqual(['d']);
      expect(await subject.keys({ ...query, after: { values: [null], key: 'd' } })).toEqual([]);
      const since = [has('x', 'y'), { field: 'at', op: 'lt', value: 3 } as const];
      expect(await subject.keys({ where: since, orderBy: by('asc') })).toEqual(['b', 'c']);
    });

    it('is asked for a text of a span, in any order', async () => {
      await prepare();
      await subject.seed(DOCS);
      const within = (from: string, before: string) =>
        ({ field: 'tags', op: 'hasWithin', from, before }) as const;
      const keys = async (from: string, before: string, limit = 10) =>
        (await subject.keys({ where: [within(from, before)], anyOrder: true, limit })).toSorted();
      expect(await keys('x', 'y')).toEqual(['a', 'b', 'c', 'd']);
      expect(await keys('xa', 'y')).toEqual(['c']);
      expect(await keys('y', 'z')).toEqual(['a', 'c']);
      expect(await keys('x', 'x')).toEqual([]);
      expect(await keys('x', 'z', 3)).toHaveLength(3);
      expect(await subject.keys({ where: [within('x', 'y')], orderBy: by('asc') })).toEqual([
        'd',
        'b',
        'c',
        'a',
      ]);
    });

    it('is found as it was written last', async () => {
      await prepare();
      await subject.seed({ a: { at: 1, tags: ['x', 'y'] }, b: { at: 2, tags: ['x'] } });
      const write = (doc: { at: number; tags?: readonly string[] }, position: bigint, expected: bigint) =>
        subject.readModels.write(subject.collection, [{ key: 'a', doc, position, expected }]);
      const keys = (text: string) => subject.keys({ where: [has(text)], orderBy: by('asc') });
      expect(await write({ at: 3, tags: ['x', 'z'] }, 5n, 1n)).toEqual([]);
      expect(await write({ at: 9, tags: ['lost'] }, 7n, 2n)).toEqual(['a']);
      expect([await keys('x'), await keys('y'), await keys('z')]).toEqual([['b', 'a'], [], ['a']]);
      expect(await keys('lost')).toEqual([]);
      expect(await write({ at: 0, tags: ['x', 'z'] }, 8n, 5n)).toEqual([]);
      expect(await keys('x')).toEqual(['a', 'b']);
      expect(await write({ at: 0 }, 9n, 8n)).toEqual([]);
      expect([await keys('x'), await keys('z')]).toEqual([['b'], []]);
    });
  });

  describe('an index of a list', () => {
    const subject = eachWith(open);
    const query = {
      where: [{ field: 'tags', op: 'has', values: ['x'] }],
      orderBy: [{ field: 'at', direction: 'asc' }],
    } as const;
    const index = { each: 'tags', fields: ['at'] };

    it('is made of what is there already, and goes with its collection', async () => {
      const { readModels, collection } = subject;
      await subject.prepare();
      await subject.seed(DOCS);
      await readModels.prepare(collection, [index]);
      expect(await subject.keys(query)).toEqual(['d', 'b', 'a']);
      const other = freshCollection();
      await readModels.rename(collection, other);
      const { key, doc } = { key: 'h', doc: { at: 0, tags: ['x'] } };
      await readModels.write(other, [{ key, doc, position: 9n, expected: undefined }]);
      const found = await readModels.find(other, { ...query, limit: 10 });
      expect(found.map((one) => one.key)).toEqual(['d', 'h', 'b', 'a']);
      await readModels.drop(other);
      await readModels.prepare(other, [index]);
      expect(await readModels.find(other, { ...query, limit: 10 })).toEqual([]);
      expect(await readModels.write(other, newDocuments({ i: { at: 0, tags: ['x'] } }))).toEqual([]);
      await readModels.drop(other);
    });

    it('is refused with more than one field, or beside another', async () => {
      const { readModels, collection } = subject;
      await expect(readModels.prepare(collection, [{ each: 'tags', fields: ['a', 'b'] }])).rejects.toThrow(
        'Expected an index of a list to have one field',
      );
      await expect(readModels.prepare(collection, [index, { each: 'b', fields: ['at'] }])).rejects.toThrow(
        'Expected one index of a list at most',
      );
      await subject.prepare();
      const orderBy = [{ field: 'at', direction: 'asc' }] as const;
      await expect(readModels.find(collection, { anyOrder: true, orderBy, limit: 1 })).rejects.toThrow(
        'Expected no order where any will do',
      );
    });
  });
};
