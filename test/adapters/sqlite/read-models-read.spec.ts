import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { createConnection } from '../../../src/adapters/sqlite/read-models-connection.ts';
import { createReader } from '../../../src/adapters/sqlite/read-models-read.ts';
import { createTables } from '../../../src/adapters/sqlite/read-models-tables.ts';
import { temporaryFolder } from './temporary-folder.ts';

const opened = () => {
  const database = openDatabase(join(temporaryFolder(), 'views.db'));
  onTestFinished(() => database.close());
  database.exec('CREATE TABLE doc_things (key TEXT PRIMARY KEY, position INTEGER, doc TEXT)');
  const connection = createConnection(database);
  const tables = createTables(connection);
  const read = createReader(connection, tables);
  // Looked up, and remembered from then on.
  read('things', () => []);
  return read;
};

/** A statement that fails once with a code, and works from then on. */
const failingOnce = (errcode: number) => {
  let times = 0;
  return () => {
    times += 1;
    if (times === 1) throw Object.assign(new Error('no such table: doc_things'), { errcode });
    return [times];
  };
};

it.each([1, 17])('reads a table anew that is another while it is read (%d)', (errcode) => {
  expect(opened()('things', failingOnce(errcode))).toEqual([2]);
});

it('reads nothing twice for any other failure', () => {
  expect(() => opened()('things', failingOnce(10))).toThrow('no such table: doc_things');
});
