import { expect, it } from 'vitest';
import { textOfPlain } from '../../src/graphql/errors/plain-text.ts';

it('tells apart all that a check might', () => {
  const scalars = [0, 1, -1, 0.5, '', '0', '1', 'null', '"', 'a,b', true, false, null, '\ud800', '\\ud800'];
  const parts = ['[]', '{}', [], {}, [0], ['0'], [0, 1], [null], [[0]], { a: 0 }, { b: 0 }, [{ a: 0 }]];
  const values = [...scalars, ...parts];
  const objects = values.flatMap((a) => [{ a }, { b: a }, ...values.map((b) => ({ a, b }))]);
  const texts = objects.map(textOfPlain);
  expect(texts).not.toContain(undefined);
  expect(new Set(texts).size).toBe(objects.length);
});

it('takes what is undefined for what is not there', () => {
  expect(textOfPlain({ a: 1, b: undefined })).toBe(textOfPlain({ a: 1 }));
  expect(textOfPlain({ a: { b: undefined } })).toBe(textOfPlain({ a: {} }));
});

it('takes objects without a prototype for what others are', () => {
  expect(textOfPlain({ a: Object.assign(Object.create(null) as object, { b: 1 }) })).toBe('{"a":{"b":1}}');
});

const deep = { a: [[[0]]] };

it.each([
  ['what JSON tells as something else', { a: Number.NaN }],
  ['infinity', { a: Number.POSITIVE_INFINITY }],
  ['zero below zero', { a: -0 }],
  ['a large integer', { a: 1n }],
  ['a date', { a: new Date(0) }],
  ['what says itself how it is told', { a: { toJSON: () => 1 } }],
  ['what is of a class', { a: new Map([[1, 2]]) }],
  ['such a part of a part', { a: [{ b: Number.NaN }] }],
  ['nothing in a list', { a: [undefined] }],
  ['a list that leaves something out', { a: Array.from({ length: 1 }).fill(0).concat(Array(1)) }],
  ['many parts', { a: Array.from({ length: 51 }, () => 0) }],
  ['what is far below', deep],
  ['long text', { a: 'x'.repeat(500) }],
  ['many texts', { a: 'x'.repeat(400), b: 'x'.repeat(400), c: 'x'.repeat(400) }],
])('has none for %s', (_, value) => {
  expect(textOfPlain(value)).toBeUndefined();
});
