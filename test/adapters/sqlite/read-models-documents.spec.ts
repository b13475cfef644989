import { expect, it, onTestFinished } from 'vitest';
import { createDocuments } from '../../../src/adapters/sqlite/read-models-documents.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { temporaryReadModels } from './temporary-read-models.ts';

const [A, B, C] = ['{"n":"a"}', '{"n":"b"}', '{"n":"c"}'] as const;

it('parses a text once that comes again, and is told nothing by another one', () => {
  const documentOf = createDocuments();
  const first = documentOf(A);
  expect(first).toEqual({ n: 'a' });
  expect(documentOf(B)).toEqual({ n: 'b' });
  expect(documentOf(A)).toBe(first);
});

it('keeps no more than it may of what came last, and nothing that is longer', () => {
  const documentOf = createDocuments(2 * A.length);
  const [a, b] = [documentOf(A), documentOf(B)];
  const c = documentOf(C);
  expect(documentOf(A)).toBe(a);
  for (const text of ['{"n":"d"}', '{"n":"e"}', '{"n":"f"}', '{"n":"g"}']) documentOf(text);
  expect([documentOf(A), documentOf(B), documentOf(C)]).toEqual([a, b, c]);
  expect(documentOf(C)).not.toBe(c);
  const long = JSON.stringify({ n: 'x'.repeat(40) });
  expect(documentOf(long)).not.toBe(documentOf(long));
});

it('lets nobody change what others are given', () => {
  const documentOf = createDocuments();
  const document = documentOf('{"n":1,"list":[{"m":2}]}') as { n: number; list: { m: number }[] };
  expect(() => (document.n = 2)).toThrow(TypeError);
  expect(() => document.list.push({ m: 3 })).toThrow(TypeError);
  expect(() => Object.assign(document.list[0] ?? {}, { m: 3 })).toThrow(TypeError);
  expect(documentOf('{"n":1,"list":[{"m":2}]}')).toEqual({ n: 1, list: [{ m: 2 }] });
});

it('finds what a document is now, with the position that it has now', async () => {
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  await readModels.prepare('numbers', []);
  const write = (doc: JsonObject, position: bigint, expected?: bigint) =>
    readModels.write('numbers', [{ key: 'a', position, expected, doc }]);
  const found = async () => (await readModels.find('numbers', { limit: 9 }))[0];
  await write({ n: 1 }, 1n);
  expect(await found()).toEqual({ key: 'a', position: 1n, doc: { n: 1 } });
  await write({ n: 2 }, 2n, 1n);
  expect(await found()).toEqual({ key: 'a', position: 2n, doc: { n: 2 } });
  await write({ n: 2 }, 3n, 2n);
  expect(await found()).toEqual({ key: 'a', position: 3n, doc: { n: 2 } });
});
