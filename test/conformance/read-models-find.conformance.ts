import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Condition, DocumentQuery, OrderBy, Scalar } from '../../src/ports/read-models.ts';
import { eachWith, type Open } from './read-models-samples.ts';

/** Values in their order, by the key of the document that has them. Those of `null` are equal. */
const VALUES: Readonly<Record<string, JsonObject>> = {
  absent: {},
  null: { v: null },
  huge_negative: { v: -1e300 },
  negative: { v: -10 },
  negative_nine: { v: -9 },
  fraction_negative: { v: -0.5 },
  zero: { v: 0 },
  tiny: { v: 5e-324 },
  fraction: { v: 0.1 },
  nine: { v: 9 },
  ten: { v: 10 },
  safe: { v: 2 ** 53 - 1 },
  beyond: { v: 2 ** 53 },
  beyond_by_two: { v: 2 ** 53 + 2 },
  huge: { v: 1e300 },
  empty: { v: '' },
  digits: { v: '10' },
  digit: { v: '9' },
  upper: { v: 'B' },
  lower: { v: 'a' },
  lower_nul: { v: 'a\u0000' },
  longer: { v: 'aa' },
  umlaut: { v: 'ä' },
  halfwidth: { v: '\uffee' },
  astral: { v: '😀' },
};

const ORDER = Object.keys(VALUES).slice(2);
const before = (key: string): readonly string[] => ORDER.slice(0, ORDER.indexOf(key));
const from = (key: string): readonly string[] => ORDER.slice(ORDER.indexOf(key));
const valueOf = (key: string): Scalar => (VALUES[key]?.['v'] ?? null) as Scalar;

/** Filters and orders, on a field with an index and on one without. */
export const findConformance = (open: Open): void => {
  describe.each(['with an index', 'without an index'])('queries %s', (how) => {
    const subject = eachWith(open);
    const prepared = () => (how === 'with an index' ? subject.prepare(['v']) : subject.prepare());
    const where = (
      condition: Omit<Condition & { op: 'eq' }, 'op' | 'field'> & { op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte' },
    ) => subject.keys({ where: [{ field: 'v', ...condition }], orderBy: [{ field: 'v', direction: 'asc' }] });

    it.each(ORDER)('compares with %s', async (key) => {
      await prepared();
      await subject.seed(VALUES);
      const value = valueOf(key);
      expect(await where({ op: 'eq', value })).toEqual([key]);
      expect(await where({ op: 'lt', value })).toEqual(before(key));
      expect(await where({ op: 'lte', value })).toEqual([...before(key), key]);
      expect(await where({ op: 'gt', value })).toEqual(from(key).slice(1));
      expect(await where({ op: 'gte', value })).toEqual(from(key));
    });

    it('takes null for equal to null and to an absent field, and for no more or less than anything', async () => {
      await prepared();
      await subject.seed(VALUES);
      expect(await where({ op: 'eq', value: null })).toEqual(['absent', 'null']);
      expect(await where({ op: 'gte', value: null })).toEqual(['absent', 'null']);
      expect(await where({ op: 'lte', value: null })).toEqual(['absent', 'null']);
      expect(await where({ op: 'gt', value: null })).toEqual([]);
      expect(await where({ op: 'lt', value: null })).toEqual([]);
    });

    it('finds what is one of several values', async () => {
      await prepared();
      await subject.seed(VALUES);
      const within = (...values: readonly Scalar[]) =>
        subject.keys({
          where: [{ field: 'v', op: 'in', values }],
          orderBy: [{ field: 'v', direction: 'asc' }],
        });
      expect(await within()).toEqual([]);
      expect(await within(10)).toEqual(['ten']);
      expect(await within('9', 10, '10', 'nobody', 10)).toEqual(['ten', 'digits', 'digit']);
      expect(await within(null)).toEqual(['absent', 'null']);
      expect(await within('', null, 0)).toEqual(['absent', 'null', 'zero', 'empty']);
      expect(await within(...Array.from({ length: 1_000 }, (_, n) => n))).toEqual(['zero', 'nine', 'ten']);
    });

    it('takes what is no scalar for null', async () => {
      await prepared();
      const strays = {
        a: { v: true },
        b: { v: false },
        c: { v: [1, 'x'] },
        d: { v: { v: 1 } },
        e: { v: [] },
      };
      await subject.seed({ ...strays, f: { v: 1 }, g: { v: 'x' } });
      expect(await where({ op: 'eq', value: null })).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(await where({ op: 'eq', value: 1 })).toEqual(['f']);
      expect(await where({ op: 'eq', value: 'x' })).toEqual(['g']);
      expect(await where({ op: 'gte', value: 0 })).toEqual(['f', 'g']);
      expect(await subject.keys({ orderBy: [{ field: 'v', direction: 'desc' }] })).toEqual([
        'g',
        'f',
        'e',
        'd',
        'c',
        'b',
        'a',
      ]);
    });

    it('sorts both ways, by the key where values are equal', async () => {
      await prepared();
      await subject.seed(VALUES);
      const order = (...orderBy: readonly OrderBy[]) => subject.keys({ orderBy });
      expect(await order({ field: 'v', direction: 'asc' })).toEqual(Object.keys(VALUES));
      expect(await order({ field: 'v', direction: 'desc' })).toEqual(Object.keys(VALUES).toReversed());
      expect(await order()).toEqual(Object.keys(VALUES).toSorted());
      expect(await order({ field: 'nowhere', direction: 'asc' })).toEqual(Object.keys(VALUES).toSorted());
      expect(await order({ field: 'nowhere', direction: 'desc' })).toEqual(
        Object.keys(VALUES).toSorted().toReversed(),
      );
    });

    it('wants all conditions to be met', async () => {
      await prepared();
      await subject.seed({
        a: { v: 1, w: 'x' },
        b: { v: 2, w: 'x' },
        c: { v: 3, w: 'y' },
        d: { v: 3, w: 'x' },
      });
      const query = (...conditions: readonly Condition[]) => subject.keys({ where: conditions });
      expect(await query({ field: 'v', op: 'gte', value: 2 }, { field: 'w', op: 'eq', value: 'x' })).toEqual([
        'b',
        'd',
      ]);
      expect(await query({ field: 'v', op: 'gte', value: 2 }, { field: 'v', op: 'lt', value: 3 })).toEqual([
        'b',
      ]);
      expect(await query({ field: 'v', op: 'eq', value: 1 }, { field: 'v', op: 'eq', value: 2 })).toEqual([]);
      const some = { field: 'v', op: 'in', values: [1, 3] } as const;
      expect(await query(some, { field: 'w', op: 'in', values: ['x', 'z'] })).toEqual(['a', 'd']);
    });

    it('sorts by several fields in directions of their own', async () => {
      await subject.prepare(...(how === 'with an index' ? [['v', 'w']] : []));
      await subject.seed({
        a: { v: 1, w: 2 },
        b: { v: 1, w: 1 },
        c: { v: null, w: 1 },
        d: { v: 2, w: 'x' },
        e: { v: 1, w: 1 },
        f: { w: null },
      });
      const order = (v: OrderBy['direction'], w: OrderBy['direction']) =>
        subject.keys({
          orderBy: [
            { field: 'v', direction: v },
            { field: 'w', direction: w },
          ],
        });
      expect(await order('asc', 'asc')).toEqual(['f', 'c', 'b', 'e', 'a', 'd']);
      expect(await order('asc', 'desc')).toEqual(['c', 'f', 'a', 'e', 'b', 'd']);
      expect(await order('desc', 'asc')).toEqual(['d', 'b', 'e', 'a', 'f', 'c']);
      expect(await order('desc', 'desc')).toEqual(['d', 'a', 'e', 'b', 'c', 'f']);
    });

    it('goes on strictly behind a place, also one where no document is', async () => {
      await prepared();
      await subject.seed({ a: { v: null }, b: {}, c: { v: 1 }, d: { v: 1 }, e: { v: 'x' } });
      const behind = (direction: OrderBy['direction'], value: Scalar, key: string) =>
        subject.keys({ orderBy: [{ field: 'v', direction }], after: { values: [value], key } });
      expect(await behind('asc', null, 'a')).toEqual(['b', 'c', 'd', 'e']);
      expect(await behind('asc', null, 'b')).toEqual(['c', 'd', 'e']);
      expect(await behind('asc', 1, 'c')).toEqual(['d', 'e']);
      expect(await behind('asc', 0.5, 'zzz')).toEqual(['c', 'd', 'e']);
      expect(await behind('asc', 'x', 'e')).toEqual([]);
      expect(await behind('desc', 'y', '')).toEqual(['e', 'd', 'c', 'b', 'a']);
      expect(await behind('desc', 1, 'd')).toEqual(['c', 'b', 'a']);
      expect(await behind('desc', null, 'b')).toEqual(['a']);
      expect(await behind('desc', null, 'a')).toEqual([]);
      expect(await subject.keys({ after: { values: [], key: 'c' } })).toEqual(['d', 'e']);
    });

    it('answers no more than the limit', async () => {
      await prepared();
      await subject.seed({ a: { v: 3 }, b: { v: 2 }, c: { v: 1 } });
      const order = { orderBy: [{ field: 'v', direction: 'asc' }] } as const;
      expect(await subject.keys({ ...order, limit: 0 })).toEqual([]);
      expect(await subject.keys({ ...order, limit: 2 })).toEqual(['c', 'b']);
      expect(await subject.keys({ ...order, limit: Number.MAX_SAFE_INTEGER })).toEqual(['c', 'b', 'a']);
    });

    it('answers several queries in their order, each from its own place up to its own limit', async () => {
      await prepared();
      await subject.seed({ a: { v: 1 }, b: { v: 1 }, c: { v: 1 }, d: { v: 2 }, e: { v: 2 } });
      const of = (value: Scalar, direction: OrderBy['direction'], rest: Partial<DocumentQuery> = {}) => ({
        where: [{ field: 'v', op: 'eq', value }] as const,
        orderBy: [{ field: 'v', direction }] as const,
        limit: 10,
        ...rest,
      });
      const pages = await subject.readModels.findEach(subject.collection, [
        of(2, 'desc'),
        of(3, 'asc'),
        of(1, 'asc', { limit: 2 }),
        of(1, 'asc', { limit: 2, after: { values: [1], key: 'b' } }),
        of(2, 'desc', { limit: 0 }),
        of(2, 'desc'),
      ]);
      const [d, e] = [
        { key: 'd', position: 4n, doc: { v: 2 } },
        { key: 'e', position: 5n, doc: { v: 2 } },
      ];
      expect(pages.map((page) => page.map(({ key }) => key))).toEqual([
        ['e', 'd'],
        [],
        ['a', 'b'],
        ['c'],
        [],
        ['e', 'd'],
      ]);
      expect(pages[0]).toEqual([e, d]);
    });

    it('answers no query with nothing, and those of a collection that is not there with nothing each', async () => {
      expect(await subject.readModels.findEach(subject.collection, [{ limit: 1 }, { limit: 2 }])).toEqual([
        [],
        [],
      ]);
      await prepared();
      expect(await subject.readModels.findEach(subject.collection, [])).toEqual([]);
    });

    it('answers none of several queries when one is refused', async () => {
      await prepared();
      const asked = subject.readModels.findEach(subject.collection, [{ limit: 1 }, { limit: -1 }]);
      await expect(asked).rejects.toThrow(
        'Expected a limit that is a whole number, 0 or more, but found -1.',
      );
    });
  });
};
