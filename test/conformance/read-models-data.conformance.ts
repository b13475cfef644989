import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { eachWith, newDocuments, type Open } from './read-models-samples.ts';

const deep = (levels: number): JsonObject =>
  Array.from({ length: levels }).reduce<JsonObject>(
    (inner, _, n) => (n % 2 ? { inner } : { list: [inner] }),
    {
      end: null,
    },
  );

const DOCUMENTS: Readonly<Record<string, JsonObject>> = {
  nothing: {},
  scalars: { text: 'text', number: 1, yes: true, no: false, none: null, blank: '' },
  numbers: {
    numbers: [0, -1, 0.1, 1e-7, 5e-324, 1.7976931348623157e308, -1e21, 2 ** 31, -(2 ** 31), 2 ** 53, 2 ** 63],
  },
  lists: { empty: [], mixed: [1, 'two', null, [3, [4, []]], { five: [6] }], holes: [null, null] },
  'field names': {
    $set: 1,
    $where: { $gt: '' },
    'a.b': 1,
    'a.b.c': { 'd.e': 2 },
    '': 'no name',
    ' ': 'a space',
    _id: 'mine',
    key: 'mine',
    position: 7,
    doc: { doc: 1 },
    constructor: 'a name like any other',
    'Größe "in" \\ \'cm\'': 3,
    '😀': 4,
    '0': 'a digit',
  },
  text: { text: 'Größe 漢字 😀 \u0000 \u001f \u007f \u2028 \ufeff " \\ \' ` ; -- /* %_ ${x} {{y}} \r\n\t' },
  'escapes that are text': {
    text: '\\u0041 \\n {"$date": 0}',
    $date: 0,
    nested: { $oid: 'x', $numberLong: '1' },
  },
  'a name that means the prototype': JSON.parse('{"__proto__":{"a":1},"b":{"__proto__":null}}') as JsonObject,
};

const KEYS = [
  '',
  ' ',
  'a',
  'A',
  'a ',
  'ship_order:call:1763942400000',
  "it's",
  '"quoted"',
  '%_*?',
  '$key',
  'a.b',
  '\\',
  '\n',
  'a\u0000b',
  'a\u0000c',
  'é',
  'e\u0301',
  '漢字',
  '\uffee',
  '😀',
  '0',
  '00',
  '1e3',
  'null',
  '{"a":1}',
  "'; DROP TABLE projections; --",
  'x'.repeat(900),
];

/** What documents and keys may be made of. */
export const dataConformance = (open: Open): void => {
  describe('data', () => {
    const subject = eachWith(open);
    const load = async (key: string): Promise<unknown> =>
      (await subject.readModels.load(subject.collection, [key])).get(key)?.doc;

    it.each(Object.entries(DOCUMENTS))('keeps %s as it was', async (key, doc) => {
      await subject.prepare(['text', '_id']);
      await subject.seed({ [key]: doc });
      expect(await load(key)).toEqual(doc);
      expect(JSON.stringify(await load(key))).toBe(JSON.stringify(doc));
      expect(await subject.find()).toEqual([{ key, position: 1n, doc }]);
    });

    it('keeps a document that is deep', async () => {
      await subject.prepare();
      await subject.seed({ a: deep(60) });
      expect(await load('a')).toEqual(deep(60));
    });

    it('keeps a document of 1 MiB', async () => {
      await subject.prepare(['n']);
      const doc = {
        n: 1,
        text: 'é'.repeat(2 ** 18),
        list: Array.from({ length: 2 ** 16 }, (_, n) => n % 1_000),
      };
      await subject.seed({ a: doc, b: { n: 2 } });
      expect(await load('a')).toEqual(doc);
      expect(await subject.keys({ orderBy: [{ field: 'n', direction: 'desc' }] })).toEqual(['b', 'a']);
    });

    it('keeps long values of fields that are indexed', async () => {
      await subject.prepare(['text']);
      const long = 'x'.repeat(5_000);
      await subject.seed({ a: { text: `${long}b` }, b: { text: `${long}a` }, c: { text: 'x' } });
      expect(await subject.keys({ orderBy: [{ field: 'text', direction: 'asc' }] })).toEqual(['c', 'b', 'a']);
      expect(await subject.keys({ where: [{ field: 'text', op: 'eq', value: `${long}a` }] })).toEqual(['b']);
    });

    it.each([0n, 1n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 60n + 3n, 2n ** 63n - 1n])(
      'keeps position %s to the last digit',
      async (position) => {
        await subject.prepare();
        const first = { key: 'a', doc: { n: 1 }, position, expected: undefined };
        await subject.readModels.write(subject.collection, [first]);
        expect(await subject.find()).toEqual([{ key: 'a', position, doc: { n: 1 } }]);
        const next = { key: 'a', doc: { n: 2 }, position: 5n };
        const near = position === 0n ? 1n : position - 1n;
        expect(await subject.readModels.write(subject.collection, [{ ...next, expected: near }])).toEqual([
          'a',
        ]);
        expect(await subject.readModels.write(subject.collection, [{ ...next, expected: position }])).toEqual(
          [],
        );
      },
    );

    it('tells keys apart, whatever is in them', async () => {
      await subject.prepare();
      const writes = newDocuments(Object.fromEntries(KEYS.map((key, n) => [`${key}|`, { n }])));
      const odd = KEYS.map((key, n) => ({ key, doc: { n }, position: BigInt(n), expected: undefined }));
      expect(await subject.readModels.write(subject.collection, [...writes, ...odd])).toEqual([]);
      const found = await subject.readModels.load(subject.collection, KEYS);
      expect(found.size).toBe(KEYS.length);
      for (const { key, doc, position } of odd) expect(found.get(key)).toEqual({ key, doc, position });
      expect(new Set(await subject.keys())).toEqual(new Set([...KEYS, ...KEYS.map((key) => `${key}|`)]));
      const next = odd.map((one) => ({ ...one, doc: { n: -1 }, expected: one.position }));
      expect(await subject.readModels.write(subject.collection, next)).toEqual([]);
    });
  });
};
