import type { JsonObject } from '../../domain/json.ts';
import type { CollectionIndex } from '../../ports/read-models.ts';
import type { Connection } from './read-models-connection.ts';
import { ReadModelsCorrupt } from './read-models-errors.ts';
import { columnOf, quoted, tableOf } from './read-models-names.ts';
import { sortValue, storedValue } from './read-models-values.ts';

/** Marks a file as Sagalog's read models ("SagV"). */
const APPLICATION = 0x53616756;

/** The version of the tables that this code reads and writes. */
const VERSION = 1;

const TABLES = `
  CREATE TABLE projections (
    name       TEXT PRIMARY KEY,
    version    INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    position   INTEGER NOT NULL
  ) WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION};
  PRAGMA user_version = ${VERSION};
`;

const pragma = (connection: Connection, name: string): bigint =>
  connection.statement(`PRAGMA ${name}`).get()?.[name] as bigint;

/** Whether the file is Sagalog's read models; not when it is still empty. Throws `ReadModelsCorrupt` when it is something else. */
export const checkOwner = (connection: Connection, file: string): boolean => {
  const application = pragma(connection, 'application_id');
  if (application === BigInt(APPLICATION)) {
    const version = pragma(connection, 'user_version');
    if (version === BigInt(VERSION)) return true;
    throw new ReadModelsCorrupt(file, `they are of version ${version}, not ${VERSION}`);
  }
  const { n } = connection.statement('SELECT count(*) AS n FROM sqlite_schema').get() ?? {};
  if (application !== 0n || n !== 0n)
    throw new ReadModelsCorrupt(file, 'it is a database of another program');
  return false;
};

/** Makes the tables of a new file. Throws `ReadModelsCorrupt` when the file is something else. */
export const prepareFile = (connection: Connection, file: string): void => {
  if (checkOwner(connection, file)) return;
  connection.writing(() => {
    // Somebody else may have been first.
    if (!checkOwner(connection, file)) connection.database.exec(TABLES);
  });
};

/** Which columns a collection's table has besides key, position and doc; `undefined` when there is no table. */
export type ColumnsOf = (collection: string) => ReadonlySet<string> | undefined;

/**
 * Looks columns up, again only after a schema change by anybody.
 * To be called in the transaction of the statement that is made of the answer.
 */
export const createColumns = (connection: Connection): ColumnsOf => {
  let version: bigint | undefined;
  const known = new Map<string, ReadonlySet<string> | undefined>();
  return (collection) => {
    const table = tableOf(collection);
    const now = pragma(connection, 'schema_version');
    if (now !== version) known.clear();
    version = now;
    if (!known.has(table)) {
      const rows = connection.statement('SELECT name FROM pragma_table_info(?)').all(table);
      const columns = rows.map(({ name }) => name as string).filter((name) => name.startsWith('f_'));
      known.set(table, rows.length === 0 ? undefined : new Set(columns));
    }
    return known.get(table);
  };
};

/** Makes a collection's table, the columns of its indexed fields, and its indexes, each unless it is there. */
export const prepareCollection = (
  connection: Connection,
  columnsOf: ColumnsOf,
  collection: string,
  indexes: readonly CollectionIndex[],
): void => {
  const table = tableOf(collection);
  connection.writing(() => {
    const present = columnsOf(collection);
    if (present === undefined) {
      connection.database.exec(
        `CREATE TABLE ${quoted(table)} (key TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL, doc TEXT NOT NULL)`,
      );
    }
    const fields = new Set(indexes.flatMap((index) => index.fields));
    const missing = [...fields].filter((field) => present?.has(columnOf(field)) !== true);
    for (const field of missing) addColumn(connection, table, field);
    if (present !== undefined && missing.length > 0) fillColumns(connection, table, missing);
    const known = indexedIn(connection, table);
    for (const index of indexes) {
      const columns = index.fields.map(columnOf);
      if (known.has(columns.join())) continue;
      connection.database.exec(
        `CREATE INDEX IF NOT EXISTS ${quoted(`${table}:${columns.join(':')}`)}
          ON ${quoted(table)} (${columns.map(quoted).join(', ')}, key)
          ${index.sparse === true ? `WHERE ${quoted(columns[0] ?? '')} IS NOT NULL` : ''}`,
      );
    }
  });
};

// By their columns: those of a table that was renamed are still called as they were.
const indexedIn = (connection: Connection, table: string): ReadonlySet<unknown> => {
  const rows = connection
    .statement(
      `SELECT (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns
        FROM pragma_index_list(?) AS i WHERE i.origin = 'c'`,
    )
    .all(table);
  return new Set(rows.map(({ columns }) => String(columns).replace(/,key$/, '')));
};

// The columns stand behind the document, which is right for a row of a few hundred bytes, and are all that
// an index needs: it is written from values that JSON has not been parsed for once more.
const addColumn = (connection: Connection, table: string, field: string): void =>
  connection.database.exec(`ALTER TABLE ${quoted(table)} ADD COLUMN ${quoted(columnOf(field))}`);

const fillColumns = (connection: Connection, table: string, fields: readonly string[]): void => {
  const assignments = fields.map((field) => `${quoted(columnOf(field))} = ?`).join(', ');
  const update = connection.database.prepare(`UPDATE ${quoted(table)} SET ${assignments} WHERE key = ?`);
  const page = connection.database.prepare(
    `SELECT rowid, key, doc FROM ${quoted(table)} WHERE rowid > ? ORDER BY rowid LIMIT 500`,
  );
  for (let rows = page.all(0); rows.length > 0; rows = page.all(rows.at(-1)?.['rowid'] ?? null)) {
    for (const { key, doc } of rows) {
      const parsed = JSON.parse(doc as string) as JsonObject;
      update.run(...fields.map((field) => sortValue(storedValue(parsed, field))), key as string);
    }
  }
};
