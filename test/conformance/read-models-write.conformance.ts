import { describe, expect, it } from 'vitest';
import type { DocumentWrite } from '../../src/ports/read-models.ts';
import { eachWith, newDocuments, type Open } from './read-models-samples.ts';

const write = (key: string, n: number, position: bigint, expected?: bigint): DocumentWrite => ({
  key,
  doc: { n },
  position,
  expected,
});

/** What the guards of writes let through. */
export const writeConformance = (open: Open): void => {
  describe('writes', () => {
    const subject = eachWith(open);
    const store = (...writes: readonly DocumentWrite[]) =>
      subject.readModels.write(subject.collection, writes);

    it('stores documents that were not there', async () => {
      await subject.prepare(['n']);
      expect(await store(write('a', 1, 5n), write('b', 2, 6n))).toEqual([]);
      expect(await subject.find()).toEqual([
        { key: 'a', position: 5n, doc: { n: 1 } },
        { key: 'b', position: 6n, doc: { n: 2 } },
      ]);
    });

    it('replaces a document that is where it was read, whole', async () => {
      await subject.prepare(['n']);
      await subject.readModels.write(subject.collection, newDocuments({ a: { n: 1, old: 'x', list: [1] } }));
      expect(await store(write('a', 2, 9n, 1n))).toEqual([]);
      expect(await subject.find()).toEqual([{ key: 'a', position: 9n, doc: { n: 2 } }]);
      expect(await subject.keys({ where: [{ field: 'n', op: 'eq', value: 1 }] })).toEqual([]);
      expect(await subject.keys({ where: [{ field: 'n', op: 'eq', value: 2 }] })).toEqual(['a']);
    });

    it('replaces a document the same way where it is told what that is', async () => {
      const indexes = [{ fields: ['n'] }, { fields: ['m'] }, { each: 'tags', fields: ['n'] }];
      await subject.readModels.prepare(subject.collection, indexes);
      const docs = [
        { n: 1, m: 'a', tags: ['x', 'y'] },
        { n: 1, m: 'b', tags: ['x', 'y'], more: true },
        { n: 2, tags: ['y', 'z'] },
      ];
      for (const [at, doc] of docs.entries()) {
        const expected = at === 0 ? undefined : BigInt(at);
        expect(
          await store({ key: 'k', doc, position: BigInt(at + 1), expected, before: docs[at - 1] }),
        ).toEqual([]);
        expect(await subject.find()).toEqual([{ key: 'k', position: BigInt(at + 1), doc }]);
        for (const { n, m = null, tags } of docs) {
          const isNow = (mine: unknown, its: unknown) => (mine === its ? ['k'] : []);
          expect(await subject.keys({ where: [{ field: 'n', op: 'eq', value: n }] })).toEqual(
            isNow(n, doc.n),
          );
          expect(await subject.keys({ where: [{ field: 'm', op: 'eq', value: m }] })).toEqual(
            isNow(m, doc.m ?? null),
          );
          for (const tag of tags)
            expect(await subject.keys({ where: [{ field: 'tags', op: 'has', values: [tag] }] })).toEqual(
              doc.tags.includes(tag) ? ['k'] : [],
            );
        }
      }
      const late = { key: 'k', doc: { n: 9 }, position: 9n, expected: 2n, before: docs[1] };
      expect(await store(late, { ...late, key: 'gone' })).toEqual(['k', 'gone']);
      expect(await subject.find()).toEqual([{ key: 'k', position: 3n, doc: docs[2] }]);
    });

    it.each([
      ['nothing was read but one is there', undefined],
      ['it has moved on', 4n],
      ['it is not yet so far', 6n],
    ])('leaves a document alone when %s, and says so', async (_, expected) => {
      await subject.prepare(['n']);
      await store(write('a', 1, 5n));
      expect(await store(write('a', 2, 9n, expected))).toEqual(['a']);
      expect(await subject.find()).toEqual([{ key: 'a', position: 5n, doc: { n: 1 } }]);
    });

    it('does not make a document that was read and is gone', async () => {
      await subject.prepare(['n']);
      expect(await store(write('a', 2, 9n, 5n))).toEqual(['a']);
      expect(await subject.find()).toEqual([]);
    });

    it('stores the others of a call in which some lose, and answers those in their order', async () => {
      await subject.prepare(['n']);
      await store(write('a', 1, 1n), write('b', 2, 2n), write('c', 3, 3n));
      const lost = await store(
        write('c', 30, 10n, 1n),
        write('new', 40, 11n),
        write('a', 10, 12n),
        write('b', 20, 13n, 2n),
        write('gone', 50, 14n, 2n),
      );
      expect(lost).toEqual(['c', 'a', 'gone']);
      expect(await subject.find()).toEqual([
        { key: 'a', position: 1n, doc: { n: 1 } },
        { key: 'b', position: 13n, doc: { n: 20 } },
        { key: 'c', position: 3n, doc: { n: 3 } },
        { key: 'new', position: 11n, doc: { n: 40 } },
      ]);
    });

    it('answers a call that is made again as lost, and changes nothing', async () => {
      await subject.prepare(['n']);
      const writes = [write('a', 1, 5n), write('b', 1, 5n)];
      await store(...writes);
      expect(await store(...writes)).toEqual(['a', 'b']);
      expect(await store(write('a', 2, 7n, 5n))).toEqual([]);
      expect(await store(write('a', 2, 7n, 5n))).toEqual(['a']);
      expect(await subject.find()).toEqual([
        { key: 'a', position: 7n, doc: { n: 2 } },
        { key: 'b', position: 5n, doc: { n: 1 } },
      ]);
    });

    it('takes a document back to an earlier position when its guard says so', async () => {
      await subject.prepare();
      await store(write('a', 1, 5n));
      expect(await store(write('a', 2, 0n, 5n))).toEqual([]);
      expect(await store(write('a', 3, 1n, 0n))).toEqual([]);
      expect(await subject.find()).toEqual([{ key: 'a', position: 1n, doc: { n: 3 } }]);
    });

    it('refuses a key twice in one call, and writes nothing of it', async () => {
      await subject.prepare();
      const refused = store(write('b', 1, 1n), write('a', 1, 1n), write('a', 2, 2n, 1n));
      await expect(refused).rejects.toThrow(TypeError);
      await expect(refused).rejects.toThrow('Expected each key once in a call, but found "a" twice.');
      expect(await subject.find()).toEqual([]);
    });

    it('refuses a key that is no Unicode, and writes nothing of it', async () => {
      await subject.prepare();
      const refused = store(write('b', 1, 1n), write('a\ud800', 1, 1n));
      await expect(refused).rejects.toThrow(TypeError);
      await expect(refused).rejects.toThrow('Expected a key to be Unicode, but found "a\\ud800".');
      expect(await subject.find()).toEqual([]);
    });

    it('does nothing for no writes', async () => {
      await subject.prepare();
      expect(await store()).toEqual([]);
      expect(await subject.find()).toEqual([]);
    });

    it('lets exactly one of many that read the same document write it', async () => {
      await subject.prepare(['n']);
      await store(write('a', 0, 1n));
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => store(write('a', n + 1, BigInt(n + 2), 1n))),
      );
      const won = answers.flatMap((lost, n) => (lost.length === 0 ? [n + 1] : []));
      expect(won).toHaveLength(1);
      expect(answers.filter((lost) => lost.length > 0)).toEqual(Array.from({ length: 9 }, () => ['a']));
      expect(await subject.find()).toEqual([
        { key: 'a', position: BigInt(won[0]! + 1), doc: { n: won[0]! } },
      ]);
    });

    it('lets exactly one of many that found nothing write it', async () => {
      await subject.prepare(['n']);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => store(write('a', n, BigInt(n + 1)))),
      );
      const won = answers.flatMap((lost, n) => (lost.length === 0 ? [n] : []));
      expect(won).toHaveLength(1);
      expect(await subject.find()).toEqual([
        { key: 'a', position: BigInt(won[0]! + 1), doc: { n: won[0]! } },
      ]);
    });

    it('loads those that are there, each once', async () => {
      await subject.prepare();
      await store(write('a', 1, 1n), write('b', 2, 2n), write('c', 3, 3n));
      const load = (...keys: readonly string[]) => subject.readModels.load(subject.collection, keys);
      expect(await load('c', 'nobody', 'a', 'c')).toEqual(
        new Map([
          ['a', { key: 'a', position: 1n, doc: { n: 1 } }],
          ['c', { key: 'c', position: 3n, doc: { n: 3 } }],
        ]),
      );
      expect(await load()).toEqual(new Map());
      expect(await load('nobody')).toEqual(new Map());
    });

    it('stores and loads many at once', async () => {
      await subject.prepare(['n']);
      const many = Array.from({ length: 5_000 }, (_, n) => write(`key-${n}`, n, BigInt(n)));
      expect(await store(...many)).toEqual([]);
      const found = await subject.readModels.load(
        subject.collection,
        many.map(({ key }) => key),
      );
      expect(found.size).toBe(5_000);
      expect(found.get('key-4321')).toEqual({ key: 'key-4321', position: 4321n, doc: { n: 4321 } });
      const again = many.map((one) => ({
        ...one,
        expected: one.position % 2n === 0n ? undefined : one.position,
      }));
      expect(await store(...again)).toEqual(many.filter((_, n) => n % 2 === 0).map(({ key }) => key));
    });
  });
};
