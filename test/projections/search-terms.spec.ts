import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attributeTerm,
  prefixSpan,
  termsOf,
  valueSpan,
  type TermSpan,
} from '../../src/projections/search-terms.ts';

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const isIn = (term: string, { from, before }: TermSpan): boolean =>
  compare(term, from) >= 0 && compare(term, before) < 0;

const number = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, -0.5, 1e300, -1e300, 5e-324, 2 ** 53, -(2 ** 53)),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const text = fc.oneof(
  fc.constantFrom('', 'a', 'ab', '\uffee', '😀', 'é'),
  fc.string({ unit: 'grapheme' }).filter((value) => value.isWellFormed() && !value.includes('\u{10FFFF}')),
);

describe('terms', () => {
  it('of numbers are in the order of the numbers', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const difference = compare(attributeTerm('n', a), attributeTerm('n', b));
        expect(Math.sign(difference)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it.each([
    ['numbers', number, (a: number, b: number) => a - b],
    ['texts', text, compare],
  ] as const)('of %s are in a span when their values are', (_, values, order) => {
    const some = fc.option(values as fc.Arbitrary<string>, { nil: undefined });
    const byValue = order as (a: string, b: string) => number;
    fc.assert(
      fc.property(values as fc.Arbitrary<string>, some, some, (value, from, before) => {
        fc.pre(from !== undefined || before !== undefined);
        const isWithin =
          (from === undefined || byValue(value, from) >= 0) &&
          (before === undefined || byValue(value, before) < 0);
        expect(isIn(attributeTerm('n', value), valueSpan('n', from, before))).toBe(isWithin);
      }),
    );
  });

  it('of texts are in the span of what they begin with, and of nothing else', () => {
    fc.assert(
      fc.property(text, text, (value, prefix) => {
        expect(isIn(attributeTerm('n', value), prefixSpan('n', prefix))).toBe(value.startsWith(prefix));
      }),
    );
  });

  it('of other attributes, types and tags are in no span of one', () => {
    const others = [...termsOf({ n: 5, na: 'a', m: 'a', b: true }, ['n=sa', 'a'])];
    expect(others).toEqual(['n=nc014000000000000', 'na=sa', 'm=sa', 'b=b1', '#n=sa', '#a']);
    for (const span of [prefixSpan('n', ''), valueSpan('n', '', undefined), valueSpan('n', undefined, 'z')])
      expect(others.filter((term) => isIn(term, span))).toEqual([]);
  });
});
