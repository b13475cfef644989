import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rejection } from '../../src/domain/rejection.ts';
import { cursorOf, pageOf, placeOf } from '../../src/queries/page.ts';

const text = fc.string({ unit: 'grapheme' });
const place = fc.record({ values: fc.array(fc.maxSafeNat(), { maxLength: 3 }), key: text });
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  test('leads back to its place', () => {
    fc.assert(
      fc.property(text, place, (list, found) => {
        expect(placeOf(list, cursorOf(list, found), found.values.length)).toEqual(found);
      }),
    );
  });

  test('is the same for the same place, for ever, and fit for an address', () => {
    const cursor = cursorOf('executions:desc', { values: [1_769_850_000_000], key: 'a-key' });
    expect(cursor).toBe('WyJleGVjdXRpb25zOmRlc2MiLCJhLWtleSIsMTc2OTg1MDAwMDAwMF0');
    fc.assert(
      fc.property(text, place, (list, found) => {
        expect(cursorOf(list, found)).toMatch(/^[\w-]+$/);
      }),
    );
  });

  test.for([
    ['nothing', ''],
    ['no base64url', '%%%'],
    ['no JSON', Buffer.from('nonsense').toString('base64url')],
    ['no list', encoded({ list: 'a' })],
    ['a number', encoded(7)],
    ['another list', encoded(['b', 'key', 1])],
    ['no name', encoded([null, 'key', 1])],
    ['no key', encoded(['a', 7, 1])],
    ['fewer values', encoded(['a', 'key'])],
    ['more values', encoded(['a', 'key', 1, 2])],
    ['a value that is no number', encoded(['a', 'key', '1'])],
    ['a value that is no whole number', encoded(['a', 'key', 1.5])],
    ['a value that no number holds', encoded(['a', 'key', 2 ** 60])],
    ['a value that is below zero', encoded(['a', 'key', -1])],
    ['a value that is null', encoded(['a', 'key', null])],
    ['a cursor with something behind it', `${encoded(['a', 'key', 1])}!`],
    ['a cursor in another alphabet', Buffer.from('["a","?>?>",1]').toString('base64')],
    ['a cursor with spaces inside', Buffer.from('["a", "key", 1]').toString('base64url')],
  ] as const)('is refused when it is %s', ([, cursor]) => {
    const refusal = (): unknown => {
      try {
        return placeOf('a', cursor, 1);
      } catch (error) {
        return error;
      }
    };
    expect(refusal()).toBeInstanceOf(Rejection);
    expect(refusal()).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: `Expected a cursor that this list gave in this order, but found ${JSON.stringify(cursor)}.`,
      details: { field: 'after', found: cursor, expected: 'endCursor of an earlier page of the same query' },
    });
  });

  test('that is refused is not told back at any length', () => {
    expect(() => placeOf('a', 'x'.repeat(5_000), 1)).toThrow(`but found "${'x'.repeat(100)}".`);
  });
});

describe('a page', () => {
  const numbers = (many: number) => Array.from({ length: many }, (_, n) => n);
  const page = (found: number, first: number) =>
    pageOf(numbers(found), first, 'a', (n) => ({ values: [n], key: `k${n}` }));

  test.for([
    [0, 3, 0, false],
    [2, 3, 2, false],
    [3, 3, 3, false],
    [4, 3, 3, true],
    [1, 1, 1, false],
    [2, 1, 1, true],
  ] as const)(
    'of %i found when %i are wanted has %i, and another behind it: %s',
    ([found, first, many, more]) => {
      const { items, hasNextPage } = page(found, first);
      expect(items.map(({ node }) => node)).toEqual(numbers(many));
      expect(hasNextPage).toBe(more);
    },
  );

  test('has a cursor of each item, which leads to it', () => {
    for (const { cursor, node } of page(4, 3).items)
      expect(placeOf('a', cursor, 1)).toEqual({ values: [node], key: `k${node}` });
  });
});
