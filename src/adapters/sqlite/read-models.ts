import type { JsonObject } from '../../domain/json.ts';
import { checkIndexes, checkQuery, checkWrites } from '../../ports/read-models-checks.ts';
import {
  ReadModelsUnavailable,
  type ReadModels,
  type StoredDocument,
  type StoredText,
} from '../../ports/read-models.ts';
import { readModelsError } from './read-models-errors.ts';
import { quoted, tableOf } from './read-models-names.ts';
import { openConnection } from './read-models-open.ts';
import { readProjections, writeProjection } from './read-models-projections.ts';
import { selectOf } from './read-models-query.ts';
import { createColumns, prepareCollection } from './read-models-schema.ts';
import { writeDocuments } from './read-models-write.ts';

/** Where the embedded read models are. */
export interface SqliteReadModelsOptions {
  /** The file; it and its folder are made when they are not there. */
  readonly path: string;
  /** Milliseconds to wait while another thread or process writes (default 2,000). */
  readonly busyTimeout?: number;
}

const BUSY_TIMEOUT = 2_000;

type Row = Record<string, unknown>;

const documentOf = ({ key, position, doc }: Row): StoredDocument => ({
  key: key as string,
  position: position as bigint,
  doc: JSON.parse(doc as string) as JsonObject,
});

const textOf = ({ key, position, text }: Row): StoredText => ({
  key: key as string,
  position: position as bigint,
  text: text as string,
});

/**
 * Opens read models in one file, which several threads and processes may use at once: reads never wait, writes take
 * turns. Rejects with `ReadModelsCorrupt` for a file that is something else, which is left as it is.
 */
export const openSqliteReadModels = async ({
  path,
  busyTimeout = BUSY_TIMEOUT,
}: SqliteReadModelsOptions): Promise<ReadModels> => {
  const connection = openConnection(path, busyTimeout);
  const { database } = connection;
  const columnsOf = createColumns(connection);

  const answer = async <T>(work: () => T): Promise<T> => {
    if (!database.isOpen) {
      throw new ReadModelsUnavailable(
        `Expected the read models ${path} to be open, but they have been closed.`,
      );
    }
    try {
      return work();
    } catch (error) {
      throw readModelsError(path, error);
    }
  };

  const rowsOf = (sql: string, ...values: readonly (string | number | bigint | null)[]): readonly Row[] =>
    connection.statement(sql).all(...values);

  return {
    prepare: (collection, indexes) =>
      answer(() => {
        checkIndexes(indexes);
        prepareCollection(connection, columnsOf, collection, indexes);
      }),

    load: (collection, keys) =>
      answer(() => {
        const table = tableOf(collection);
        const rows = connection.reading(() =>
          keys.length === 0 || columnsOf(collection) === undefined
            ? []
            : rowsOf(
                `SELECT d.key, d.position, d.doc FROM json_each(?) AS k CROSS JOIN ${quoted(table)} AS d ON d.key = k.value`,
                JSON.stringify(keys),
              ),
        );
        return new Map(rows.map((row) => [row['key'] as string, documentOf(row)]));
      }),

    write: (collection, writes) =>
      answer(() => {
        checkWrites(writes);
        const table = tableOf(collection);
        return connection.writing(() => {
          const columns = columnsOf(collection);
          if (columns === undefined) {
            throw new Error(
              `Expected the collection ${collection} to be prepared before it is written to, but it is not there.`,
            );
          }
          return writeDocuments(connection, table, columns, writes);
        });
      }),

    find: (collection, query) =>
      answer(() => {
        checkQuery(query);
        const table = tableOf(collection);
        const rows = connection.reading(() => {
          const columns = columnsOf(collection);
          if (columns === undefined) return [];
          const { text, values } = selectOf(table, columns, query);
          return rowsOf(text, ...values);
        });
        return rows.map(documentOf);
      }),

    scan: (collection, after, limit) =>
      answer(() => {
        const table = quoted(tableOf(collection));
        const rows = connection.reading(() => {
          if (columnsOf(collection) === undefined) return [];
          const select = `SELECT key, position, doc AS text FROM ${table}`;
          return after === undefined
            ? rowsOf(`${select} ORDER BY key LIMIT ?`, limit)
            : rowsOf(`${select} WHERE key > ? ORDER BY key LIMIT ?`, after, limit);
        });
        return rows.map(textOf);
      }),

    rename: (collection, name) =>
      answer(() => {
        const [table, other] = [tableOf(collection), tableOf(name)];
        connection.writing(() => {
          if (columnsOf(collection) === undefined) return;
          database.exec(`ALTER TABLE ${quoted(table)} RENAME TO ${quoted(other)}`);
        });
      }),

    drop: (collection) =>
      answer(() => {
        const table = tableOf(collection);
        connection.writing(() => database.exec(`DROP TABLE IF EXISTS ${quoted(table)}`));
      }),

    projections: () => answer(() => readProjections(connection)),
    saveProjection: (record) => answer(() => connection.writing(() => writeProjection(connection, record))),
    ping: () => answer(() => void rowsOf('SELECT count(*) FROM projections')),

    async close() {
      if (database.isOpen) database.close();
    },
  };
};
