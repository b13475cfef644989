import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createAnswers, type Found } from '../../../src/adapters/sqlite/read-models-answers.ts';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import type { DocumentQuery, ReadModels, Scalar } from '../../../src/ports/read-models.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ALL: DocumentQuery = { limit: 9 };

const opened = async (path: string): Promise<ReadModels> => {
  const readModels = await openSqliteReadModels({ path });
  onTestFinished(() => readModels.close());
  return readModels;
};

/** Two connections to a file in which a collection has one document. */
const both = async () => {
  const path = join(temporaryFolder(), 'views.db');
  const [one, other] = [await opened(path), await opened(path)];
  await one.prepare('numbers', [{ fields: ['n'] }]);
  await one.write('numbers', newDocuments({ a: { n: 1 } }));
  return { path, one, other };
};

const PAGE: Found = { documents: [], length: 10 };

/** Answers of a file that nobody writes, and what was looked for in it. */
const counting = (characters?: number) => {
  const looked: DocumentQuery[] = [];
  const answers = createAnswers({ version: () => '1' }, characters);
  const ask = (...queries: readonly DocumentQuery[]) =>
    answers.of('numbers', queries, (missing) => {
      looked.push(...missing);
      return missing.map(() => ({ ...PAGE }));
    });
  return { looked, ask };
};

it('gives the very same page again while nobody writes, however it is asked for', async () => {
  const { one } = await both();
  const first = await one.find('numbers', ALL);
  expect(await one.find('numbers', { limit: 9 })).toBe(first);
  expect((await one.findEach('numbers', [ALL, { limit: 1 }]))[0]).toBe(first);
});

it.each(['itself', 'another connection'])(
  'sees at once what is written by %s, and by which call ever',
  async (who) => {
    const { one, other } = await both();
    const writer = who === 'itself' ? one : other;
    const found = async () => [
      ...(await one.find('numbers', ALL)).map(({ position, doc }) => [position, doc]),
      ...(await one.findEach('numbers', [ALL])).flat().map(({ key }) => key),
    ];
    expect(await found()).toEqual([[1n, { n: 1 }], 'a']);
    await writer.write('numbers', [{ key: 'a', position: 2n, expected: 1n, doc: { n: 2 } }]);
    expect(await found()).toEqual([[2n, { n: 2 }], 'a']);
    await writer.remove('numbers', { keyIn: ['a'] }, 2n);
    expect(await found()).toEqual([]);
    await writer.write('numbers', newDocuments({ b: { n: 3 } }));
    expect(await found()).toEqual([[1n, { n: 3 }], 'b']);
    await writer.rename('numbers', 'figures');
    expect(await found()).toEqual([]);
    await writer.rename('figures', 'numbers');
    expect(await found()).toEqual([[1n, { n: 3 }], 'b']);
    await writer.drop('numbers');
    expect(await found()).toEqual([]);
  },
);

it('sees nothing of what is not committed yet, and all of it then', async () => {
  const { path, one } = await both();
  const before = await one.find('numbers', ALL);
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  database.exec('BEGIN IMMEDIATE');
  database.exec(`UPDATE doc_numbers SET doc = '{"n":7}', f_n = 7`);
  expect(await one.find('numbers', ALL)).toBe(before);
  database.exec('COMMIT');
  expect(await one.find('numbers', ALL)).toEqual([{ key: 'a', position: 1n, doc: { n: 7 } }]);
});

it('lets nobody change what others are given', async () => {
  const { one } = await both();
  const found = (await one.find('numbers', ALL)) as unknown as { position: bigint; doc: { n: number } }[];
  expect(() => found.pop()).toThrow(TypeError);
  expect(() => Object.assign(found[0] ?? {}, { position: 2n })).toThrow(TypeError);
  expect(() => Object.assign(found[0]?.doc ?? {}, { n: 2 })).toThrow(TypeError);
  expect(await one.find('numbers', ALL)).toEqual([{ key: 'a', position: 1n, doc: { n: 1 } }]);
});

it('looks for what was not asked before alone, and answers in the order of the queries', async () => {
  const { looked, ask } = counting();
  const [two] = ask({ limit: 2 });
  expect(ask({ limit: 1 }, { limit: 2 }, { limit: 3 })[1]).toBe(two);
  expect(looked).toEqual([{ limit: 2 }, { limit: 1 }, { limit: 3 }]);
});

it('keeps no more characters than it may', () => {
  const { looked, ask } = counting(3 * PAGE.length);
  for (const limit of [1, 2, 3, 1, 4, 4, 1]) ask({ limit });
  expect(looked.map(({ limit }) => limit)).toEqual([1, 2, 3, 4, 1]);
  const none = counting(PAGE.length - 1);
  for (const limit of [1, 1]) none.ask({ limit });
  expect(none.looked).toHaveLength(2);
});

it('takes no value for another one that JSON tells in the same way', () => {
  const { looked, ask } = counting();
  const by = (value: Scalar): DocumentQuery => ({ ...ALL, where: [{ field: 'n', op: 'gte', value }] });
  const behind = (value: Scalar): DocumentQuery => ({ ...ALL, after: { values: [value], key: 'a' } });
  const among = (value: Scalar): DocumentQuery => ({
    ...ALL,
    where: [{ field: 'n', op: 'in', values: [value] }],
  });
  const values = [null, Number.NEGATIVE_INFINITY, 'null', 0, '0'];
  const queries = [by, behind, among].flatMap((asking) => values.map(asking));
  for (const query of queries) ask(query);
  expect(looked).toEqual(queries);
});
