import { describe, expect, it } from 'vitest';
import type { DocumentQuery } from '../../src/ports/read-models.ts';
import { eachWith, freshCollection, newDocuments, type Open } from './read-models-samples.ts';

const EVIL = [
  '',
  ' ',
  'a b',
  'a.b',
  'a"b',
  "a'b",
  'a`b',
  'a;b',
  'a\\b',
  'a\u0000b',
  'a\n',
  '$a',
  'système',
  '"; DROP TABLE projections; --',
  'a); DROP TABLE projections; --',
  'x'.repeat(64),
];

const FIELDS = [
  'key',
  'position',
  'doc',
  'rowid',
  'id',
  '_id',
  'value',
  'order',
  'select',
  'NULL',
  'f_a',
  'a',
  'A',
  'aB',
  'ab',
  'length',
  'constructor',
  '__proto__',
  'toString',
  'x'.repeat(63),
];

/** Names of collections and fields, and queries that make no sense. */
export const namesConformance = (open: Open): void => {
  describe('names', () => {
    const subject = eachWith(open);

    it.each(EVIL)('refuses a collection called %j', async (name) => {
      const { readModels } = subject;
      const calls = [
        readModels.prepare(name, []),
        readModels.load(name, ['a']),
        readModels.write(name, newDocuments({ a: {} })),
        readModels.find(name, { limit: 1 }),
        readModels.strays(name, undefined, 1, 1n),
        readModels.drop(name),
      ];
      for (const call of calls) await expect(call).rejects.toThrow(TypeError);
      await expect(readModels.drop(name)).rejects.toThrow(
        `Expected a collection's name of letters, digits, _ and -, but found ${JSON.stringify(name)}.`,
      );
      await readModels.ping();
    });

    it.each([...EVIL, 'a-b'])('refuses a field called %j', async (field) => {
      await subject.prepare(['n']);
      await subject.seed({ a: { n: 1 } });
      const { readModels, collection } = subject;
      const calls = [
        readModels.prepare(collection, [{ fields: ['n', field] }]),
        subject.find({ where: [{ field, op: 'eq', value: 1 }] }),
        subject.find({ where: [{ field, op: 'in', values: [1] }] }),
        subject.find({ orderBy: [{ field, direction: 'asc' }] }),
      ];
      for (const call of calls) {
        await expect(call).rejects.toThrow(TypeError);
        await expect(call).rejects.toThrow(
          `Expected a field's name of letters, digits and _, but found ${JSON.stringify(field)}.`,
        );
      }
      expect(await subject.keys()).toEqual(['a']);
    });

    it('refuses an index of nothing', async () => {
      await expect(subject.prepare([])).rejects.toThrow(
        'Expected an index of one field or more, but found none.',
      );
    });

    it.each(['indexed', 'not indexed'])(
      'takes names that mean something to a store for names: %s',
      async (how) => {
        await subject.prepare(...(how === 'indexed' ? FIELDS.map((field) => [field]) : []));
        for (const [n, field] of FIELDS.entries()) {
          const doc = JSON.parse(`{${JSON.stringify(field)}:${n}}`) as Record<string, number>;
          await subject.seed({ [`${n}`]: doc });
        }
        for (const [n, field] of FIELDS.entries()) {
          expect(await subject.keys({ where: [{ field, op: 'gte', value: 0 }] })).toEqual([`${n}`]);
          const order = { orderBy: [{ field, direction: 'desc' }], limit: 1 } as const;
          expect(await subject.keys(order)).toEqual([`${n}`]);
        }
      },
    );

    it('tells collections apart that differ in case, or look like something of the store', async () => {
      const { readModels } = subject;
      const name = freshCollection('x');
      const names = [name, name.toUpperCase(), `X${name.slice(1)}`, `doc_${name}`, `projections-${name}`];
      for (const [n, each] of names.entries()) {
        await readModels.prepare(each, [{ fields: ['n'] }]);
        await readModels.write(each, newDocuments({ a: { n } }));
      }
      for (const [n, each] of names.entries()) {
        expect(await readModels.find(each, { limit: 9 })).toEqual([{ key: 'a', position: 1n, doc: { n } }]);
      }
      for (const each of names) await readModels.drop(each);
    });

    const wrong: readonly (readonly [string, Partial<DocumentQuery>, string])[] = [
      ['a limit below 0', { limit: -1 }, 'Expected a limit that is a whole number, 0 or more, but found -1.'],
      ['a limit that is broken', { limit: 1.5 }, 'Expected a limit that is a whole number'],
      ['a limit that is no number', { limit: Number.NaN }, 'Expected a limit that is a whole number'],
      ['a limit without end', { limit: Number.POSITIVE_INFINITY }, 'Expected a limit that is a whole number'],
      [
        'a place of another order',
        { orderBy: [{ field: 'n', direction: 'asc' }], after: { values: [], key: 'a' } },
        'Expected a place in the order to have 1 values, but it has 0.',
      ],
    ];
    it.each(wrong)('refuses %s', async (_, query, message) => {
      await subject.prepare(['n']);
      await expect(subject.find(query)).rejects.toThrow(RangeError);
      await expect(subject.find(query)).rejects.toThrow(message);
    });
  });
};
