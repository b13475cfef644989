import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { createConnection } from '../../../src/adapters/sqlite/read-models-connection.ts';
import { createTables } from '../../../src/adapters/sqlite/read-models-tables.ts';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import type { DocumentQuery } from '../../../src/ports/read-models.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { temporaryReadModels } from './temporary-read-models.ts';

const BY_N: DocumentQuery = {
  where: [{ field: 'n', op: 'gte', value: 2 }],
  orderBy: [{ field: 'n', direction: 'desc' }],
  limit: 9,
};
const WITH_X: DocumentQuery = { where: [{ field: 'texts', op: 'has', values: ['x'] }], limit: 9 };
const INDEXES = [{ fields: ['n'] }, { fields: ['n'], each: 'texts' }];

/** Read models that somebody else changes, who has them open as well; those have read them already. */
const opened = async () => {
  const { path, readModels, close } = await temporaryReadModels();
  const others = await openSqliteReadModels({ path });
  onTestFinished(async () => {
    await others.close();
    await close();
  });
  await others.prepare('numbers', INDEXES);
  await others.write('numbers', newDocuments({ a: { n: 1, texts: ['x'] }, b: { n: 2, texts: ['x'] } }));
  const keysOf = async (collection: string, query: DocumentQuery) =>
    (await readModels.find(collection, query)).map(({ key }) => key);
  const loaded = async (collection: string) => [...(await readModels.load(collection, ['a', 'b'])).keys()];
  expect(await keysOf('numbers', BY_N)).toEqual(['b']);
  expect(await keysOf('numbers', WITH_X)).toEqual(['a', 'b']);
  return { path, readModels, others, keysOf, loaded };
};

it('finds nothing in what somebody else has dropped, and what they make anew in its place', async () => {
  const { others, keysOf, loaded } = await opened();
  await others.drop('numbers');
  expect(await keysOf('numbers', BY_N)).toEqual([]);
  expect(await loaded('numbers')).toEqual([]);
  await others.prepare('numbers', INDEXES);
  await others.write('numbers', newDocuments({ b: { n: 3, texts: ['x'] } }));
  expect(await keysOf('numbers', BY_N)).toEqual(['b']);
  await others.drop('numbers');
  await others.prepare('numbers', []);
  await others.write('numbers', newDocuments({ a: { n: 2, texts: ['x'] }, b: { n: 4, texts: [] } }));
  expect(await keysOf('numbers', BY_N)).toEqual(['b', 'a']);
  expect(await keysOf('numbers', WITH_X)).toEqual(['a']);
});

it('finds documents under the name that somebody else gives them, and none under the old one', async () => {
  const { others, keysOf, loaded } = await opened();
  await others.rename('numbers', 'figures');
  expect(await loaded('numbers')).toEqual([]);
  expect(await keysOf('numbers', WITH_X)).toEqual([]);
  expect(await keysOf('figures', BY_N)).toEqual(['b']);
  expect(await keysOf('figures', WITH_X)).toEqual(['a', 'b']);
});

it('remembers a table for so many reads, and what it has itself given one at once', async () => {
  const { path, others } = await opened();
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  const tables = createTables(createConnection(database));
  expect(tables.remembered('numbers')).toBeUndefined();
  const before = tables.of('numbers');
  await others.prepare('numbers', [{ fields: ['m'] }]);
  const remembered = Array.from({ length: 101 }, () => tables.remembered('numbers'));
  expect(remembered.filter((table) => table !== undefined)).toEqual(
    Array.from({ length: 100 }, () => before),
  );
  expect(remembered.at(-1)).toBeUndefined();
  expect(tables.of('numbers')?.columns.has('f_m')).toBe(true);
  expect(tables.remembered('numbers')?.columns.has('f_m')).toBe(true);
  tables.forget();
  expect(tables.remembered('numbers')).toBeUndefined();
});
