import { describe, expect, it } from 'vitest';
import { ReadModelsUnavailable } from '../../src/ports/read-models.ts';
import { eachWith, freshCollection, newDocuments, stored, type Open } from './read-models-samples.ts';

/** Making collections, removing them, and the read models' own life. */
export const collectionsConformance = (open: Open): void => {
  describe('collections', () => {
    const subject = eachWith(open);
    const docs = newDocuments({ a: { n: 1 }, b: { n: 2 } });

    it('is empty when it was never prepared', async () => {
      const { readModels, collection } = subject;
      expect(await readModels.find(collection, { limit: 10 })).toEqual([]);
      expect(await readModels.load(collection, ['a'])).toEqual(new Map());
    });

    it('takes no documents when it was never prepared', async () => {
      const { readModels, collection } = subject;
      await expect(readModels.write(collection, docs)).rejects.toThrow(
        `Expected the collection ${collection} to be prepared before it is written to, but it is not there.`,
      );
      await expect(readModels.write(collection, docs)).rejects.not.toBeInstanceOf(ReadModelsUnavailable);
      expect(await subject.find()).toEqual([]);
    });

    it('is empty when it was prepared', async () => {
      await subject.prepare(['n']);
      expect(await subject.find()).toEqual([]);
      expect(await subject.readModels.load(subject.collection, ['a'])).toEqual(new Map());
    });

    it('keeps its documents when it is prepared again', async () => {
      await subject.prepare(['n']);
      await subject.readModels.write(subject.collection, docs);
      await subject.prepare(['n']);
      expect(await subject.find()).toEqual(stored(docs));
    });

    it('takes documents when it was reserved, and its indexes behind them', async () => {
      const { readModels, collection } = subject;
      const indexes = [{ fields: ['n'] }, { fields: ['m', 'n'] }, { each: 'all', fields: ['n'] }];
      await readModels.reserve(collection, indexes);
      await subject.seed({ a: { n: 2, m: 'x', all: ['p'] }, b: { n: 1, all: ['q', 'p'] } });
      await readModels.reserve(collection, indexes);
      const asc = { field: 'n', direction: 'asc' } as const;
      const p = { field: 'all', op: 'has', values: ['p'] } as const;
      for (const index of indexes) {
        expect(await subject.keys({ orderBy: [asc] })).toEqual(['b', 'a']);
        await readModels.prepare(collection, [index]);
      }
      await subject.seed({ c: { n: 1.5, all: ['p'] } });
      expect(await subject.keys({ where: [p], orderBy: [asc] })).toEqual(['b', 'c', 'a']);
      await readModels.reserve(collection, indexes);
      expect(await subject.keys({ orderBy: [asc] })).toEqual(['b', 'c', 'a']);
    });

    it('can be prepared by several at once', async () => {
      await Promise.all(Array.from({ length: 5 }, () => subject.prepare(['n'], ['n', 'm'])));
      await subject.readModels.write(subject.collection, docs);
      expect(await subject.find({ orderBy: [{ field: 'n', direction: 'desc' }] })).toEqual(
        stored(docs).toReversed(),
      );
    });

    it('takes new indexes of a document whose key is empty', async () => {
      await subject.prepare();
      await subject.seed({ '': { n: 2 }, a: { n: 1 } });
      await subject.prepare(['n']);
      expect(await subject.keys({ orderBy: [{ field: 'n', direction: 'asc' }] })).toEqual(['a', '']);
    });

    it('takes new indexes of the documents that it has', async () => {
      await subject.prepare();
      await subject.seed({ a: { n: 2, m: 'x' }, b: { n: 1 }, c: { n: null, m: 'y' }, d: { m: 'x', n: 1 } });
      await subject.prepare(['n'], ['m', 'n']);
      expect(await subject.keys({ orderBy: [{ field: 'n', direction: 'asc' }] })).toEqual([
        'c',
        'b',
        'd',
        'a',
      ]);
      const x = { field: 'm', op: 'eq', value: 'x' } as const;
      expect(await subject.keys({ where: [x], orderBy: [{ field: 'n', direction: 'asc' }] })).toEqual([
        'd',
        'a',
      ]);
      await subject.readModels.write(subject.collection, [
        { key: 'b', doc: { n: 9, m: 'x' }, position: 9n, expected: 2n },
      ]);
      expect(await subject.keys({ where: [x], orderBy: [{ field: 'n', direction: 'asc' }] })).toEqual([
        'd',
        'a',
        'b',
      ]);
    });

    it('keeps collections apart', async () => {
      const other = freshCollection();
      await subject.prepare(['n']);
      await subject.readModels.prepare(other, []);
      await subject.seed({ a: { n: 1 } });
      await subject.readModels.write(other, newDocuments({ a: { n: 2 }, z: { n: 3 } }));
      expect(await subject.find()).toEqual([{ key: 'a', position: 1n, doc: { n: 1 } }]);
      expect(await subject.readModels.load(other, ['a'])).toEqual(
        new Map([['a', { key: 'a', position: 1n, doc: { n: 2 } }]]),
      );
      await subject.readModels.drop(other);
      expect(await subject.keys()).toEqual(['a']);
    });

    it('is gone with its documents when it is dropped', async () => {
      await subject.prepare(['n']);
      await subject.readModels.write(subject.collection, docs);
      await subject.readModels.drop(subject.collection);
      expect(await subject.find()).toEqual([]);
      expect(await subject.readModels.load(subject.collection, ['a'])).toEqual(new Map());
      await expect(subject.readModels.write(subject.collection, docs)).rejects.toThrow('to be prepared');
    });

    it('can be dropped when it is not there, and twice', async () => {
      await subject.readModels.drop(subject.collection);
      await subject.prepare(['n']);
      await subject.readModels.drop(subject.collection);
      await expect(subject.readModels.drop(subject.collection)).resolves.toBeUndefined();
    });

    it('tells its documents as they are stored, by key, from any place on', async () => {
      const { readModels, collection } = subject;
      expect(await readModels.scan(collection, undefined, 10)).toEqual([]);
      await subject.prepare(['n']);
      const all = { a: { n: 1, A: null }, b: { 'x.y': 'é' }, '\uffee': {}, '😀': { n: -0.5 } };
      await subject.seed(all);
      const texts = Object.entries(all).map(([key, doc], at) => ({
        key,
        position: BigInt(at + 1),
        text: JSON.stringify(doc),
      }));
      expect(await readModels.scan(collection, undefined, 10)).toEqual(texts);
      expect(await readModels.scan(collection, undefined, 2)).toEqual(texts.slice(0, 2));
      expect(await readModels.scan(collection, 'b', 10)).toEqual(texts.slice(2));
      expect(await readModels.scan(collection, 'aa', 1)).toEqual(texts.slice(1, 2));
      expect(await readModels.scan(collection, '😀', 10)).toEqual([]);
    });

    it('tells the last of its keys', async () => {
      const { readModels, collection } = subject;
      expect(await readModels.lastKey(collection)).toBeUndefined();
      await subject.prepare(['n']);
      expect(await readModels.lastKey(collection)).toBeUndefined();
      for (const key of ['b', 'a', '\uffee', '😀', '\uffed']) {
        await subject.seed({ [key]: {} });
        const keys = (await readModels.scan(collection, undefined, 10)).map((one) => one.key);
        expect(await readModels.lastKey(collection)).toBe(keys.at(-1));
      }
    });

    it('has another name when it is renamed, with documents and indexes', async () => {
      const { readModels, collection } = subject;
      const other = freshCollection();
      await subject.prepare(['n']);
      await readModels.write(collection, docs);
      await readModels.rename(collection, other);
      await readModels.rename(collection, other);
      expect(await subject.find()).toEqual([]);
      await expect(readModels.write(collection, docs)).rejects.toThrow('to be prepared');
      await readModels.prepare(other, [{ fields: ['n'] }]);
      const write = { key: 'a', doc: { n: 3 }, position: 3n, expected: 1n };
      expect(await readModels.write(other, [write])).toEqual([]);
      const orderBy = [{ field: 'n', direction: 'desc' }] as const;
      expect((await readModels.find(other, { orderBy, limit: 10 })).map(({ key }) => key)).toEqual([
        'a',
        'b',
      ]);
      await readModels.drop(other);
      expect(await readModels.find(other, { limit: 10 })).toEqual([]);
    });

    it('begins anew after it was dropped, with other indexes', async () => {
      await subject.prepare(['n']);
      await subject.readModels.write(subject.collection, docs);
      await subject.readModels.drop(subject.collection);
      await subject.prepare(['m']);
      expect(await subject.find()).toEqual([]);
      await subject.seed({ a: { m: 2, n: 1 }, b: { m: 1, n: 2 } });
      expect(await subject.keys({ orderBy: [{ field: 'm', direction: 'asc' }] })).toEqual(['b', 'a']);
      expect(await subject.keys({ orderBy: [{ field: 'n', direction: 'asc' }] })).toEqual(['a', 'b']);
    });

    it('still holds what was written when it is opened again', async () => {
      await subject.prepare(['n']);
      await subject.readModels.write(subject.collection, docs);
      await subject.reopen();
      expect(await subject.find({ orderBy: [{ field: 'n', direction: 'asc' }] })).toEqual(stored(docs));
      await subject.prepare(['n']);
      expect(
        await subject.readModels.write(subject.collection, [
          { key: 'a', doc: { n: 3 }, position: 3n, expected: 1n },
        ]),
      ).toEqual([]);
    });

    it('answers a ping', async () => {
      await expect(subject.readModels.ping()).resolves.toBeUndefined();
    });

    it('is unavailable once it is closed, and can be closed again', async () => {
      const { readModels, collection } = subject;
      await subject.prepare();
      await readModels.close();
      const calls = [
        readModels.prepare(collection, []),
        readModels.load(collection, ['a']),
        readModels.write(collection, docs),
        readModels.find(collection, { limit: 1 }),
        readModels.scan(collection, undefined, 1),
        readModels.lastKey(collection),
        readModels.strays(collection, undefined, 1, 1n),
        readModels.rename(collection, 'other'),
        readModels.drop(collection),
        readModels.projections(),
        readModels.saveProjection({ name: 'a', version: 1, generation: 1, position: 1n }),
        readModels.ping(),
      ];
      for (const call of calls) await expect(call).rejects.toBeInstanceOf(ReadModelsUnavailable);
      await expect(readModels.close()).resolves.toBeUndefined();
    });
  });
};
