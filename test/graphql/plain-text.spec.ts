import { expect, it } from 'vitest';
import { textOfPlain } from '../../src/graphql/errors/plain-text.ts';

it('tells apart all that a check might', () => {
  const values = [0, 1, -1, 0.5, '', '0', '1', 'null', '"', 'a,b', true, false, null, '\ud800', '\\ud800'];
  const objects = values.flatMap((a) => [{ a }, { b: a }, ...values.map((b) => ({ a, b }))]);
  const texts = objects.map(textOfPlain);
  expect(texts).not.toContain(undefined);
  expect(new Set(texts).size).toBe(objects.length);
});

it('takes what is undefined for what is not there', () => {
  expect(textOfPlain({ a: 1, b: undefined })).toBe(textOfPlain({ a: 1 }));
});

it.each([
  ['what has parts', { a: [] }],
  ['what JSON tells as something else', { a: Number.NaN }],
  ['infinity', { a: Number.POSITIVE_INFINITY }],
  ['zero below zero', { a: -0 }],
  ['a large integer', { a: 1n }],
  ['a date', { a: new Date(0) }],
  ['long text', { a: 'x'.repeat(500) }],
  ['many texts', { a: 'x'.repeat(400), b: 'x'.repeat(400), c: 'x'.repeat(400) }],
])('has none for %s', (_, value) => {
  expect(textOfPlain(value)).toBeUndefined();
});
