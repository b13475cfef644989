import type { CollectionIndex } from '../../ports/read-models.ts';
import type { Connection } from './read-models-connection.ts';
import { objectOf, storedText } from '../../ports/stored-object.ts';
import { ReadModelsCorrupt } from './read-models-errors.ts';
import { createEach, entriesOf, NO_ENTRIES, TEXTS, textsOf, writeEntries } from './read-models-each.ts';
import { columnOf, quoted, tableOf } from './read-models-names.ts';
import type { Each, Table, TableFor } from './read-models-tables.ts';
import { sortValueIn } from './read-models-values.ts';

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

/** Makes what a collection's documents are written to: its table, and the columns of its indexed fields. */
const makeTable = (
  connection: Connection,
  tableFor: TableFor,
  collection: string,
  indexes: readonly CollectionIndex[],
): void => {
  const table = tableOf(collection);
  const present = tableFor(collection);
  if (present === undefined) {
    connection.database.exec(
      `CREATE TABLE ${quoted(table)} (key TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL, doc TEXT NOT NULL)`,
    );
  }
  const fields = new Set(indexes.flatMap((index) => index.fields));
  const missing = [...fields].filter((field) => present?.columns.has(columnOf(field)) !== true);
  for (const field of missing) addColumn(connection, table, field);
  const each = prepareEach(connection, collection, present, indexes);
  if (present !== undefined && (missing.length > 0 || each !== undefined))
    fillIn(connection, table, missing, each);
};

const makeIndexes = (connection: Connection, table: string, indexes: readonly CollectionIndex[]): void => {
  const known = indexedIn(connection, table);
  for (const index of indexes) {
    if (index.each !== undefined) continue;
    const columns = index.fields.map(columnOf);
    if (known.has(columns.join())) continue;
    connection.database.exec(
      `CREATE INDEX IF NOT EXISTS ${quoted(`${table}:${columns.join(':')}`)}
        ON ${quoted(table)} (${columns.map(quoted).join(', ')}, key)
        ${index.sparse === true ? `WHERE ${quoted(columns[0] ?? '')} IS NOT NULL` : ''}`,
    );
  }
};

/** Makes a collection's table, the columns of its indexed fields, and its indexes, each unless it is there. */
export const prepareCollection = (
  connection: Connection,
  tableFor: TableFor,
  collection: string,
  indexes: readonly CollectionIndex[],
): void =>
  connection.writing(() => {
    makeTable(connection, tableFor, collection, indexes);
    makeIndexes(connection, tableOf(collection), indexes);
  });

/** Makes the same without the indexes of columns; that of a list is kept from the beginning. */
export const reserveCollection = (
  connection: Connection,
  tableFor: TableFor,
  collection: string,
  indexes: readonly CollectionIndex[],
): void => connection.writing(() => makeTable(connection, tableFor, collection, indexes));

/** The index of a list that has to be filled; the first one of a collection is the only one that it gets. */
const prepareEach = (
  connection: Connection,
  collection: string,
  present: Table | undefined,
  indexes: readonly CollectionIndex[],
): Each | undefined => {
  const { each, fields } = indexes.find((index) => index.each !== undefined) ?? {};
  if (each === undefined || present?.each !== undefined) return undefined;
  const table = tableOf(collection);
  const hasTexts = connection
    .statement('SELECT 1 FROM pragma_table_info(?) WHERE name = ?')
    .get(table, TEXTS);
  if (hasTexts === undefined)
    connection.database.exec(`ALTER TABLE ${quoted(table)} ADD COLUMN ${TEXTS} TEXT`);
  return createEach(connection, collection, each, fields?.[0] ?? '');
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

const fillIn = (
  connection: Connection,
  table: string,
  fields: readonly string[],
  each: Each | undefined,
): void => {
  const columns = [...fields.map(columnOf), ...(each === undefined ? [] : [TEXTS])];
  const assignments = columns.map((column) => `${quoted(column)} = ?`).join(', ');
  const update = connection.database.prepare(`UPDATE ${quoted(table)} SET ${assignments} WHERE key = ?`);
  const page = connection.database.prepare(
    `SELECT rowid, key, doc FROM ${quoted(table)} WHERE rowid > ? ORDER BY rowid LIMIT 500`,
  );
  for (let rows = page.all(0); rows.length > 0; rows = page.all(rows.at(-1)?.['rowid'] ?? null)) {
    for (const { key, doc } of rows) {
      // What is no document has no fields; whoever reads it is told so.
      const parsed = objectOf(storedText(doc)) ?? {};
      const values = fields.map((field) => sortValueIn(parsed, field));
      const texts = each === undefined ? [] : [textsOf(parsed, each)];
      update.run(...values, ...texts, key as string);
      if (each !== undefined)
        writeEntries(connection, each, key as string, NO_ENTRIES, entriesOf(parsed, each));
    }
  }
};
