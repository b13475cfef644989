import {
  checkIndexes,
  checkLook,
  checkQuery,
  checkWhich,
  checkWrites,
} from '../../ports/read-models-checks.ts';
import {
  ReadModelsUnavailable,
  type DocumentQuery,
  type ReadModels,
  type StoredDocument,
  type StoredText,
} from '../../ports/read-models.ts';
import { objectIn, storedText } from '../../ports/stored-object.ts';
import { createAnswers, type Found } from './read-models-answers.ts';
import { createDocuments } from './read-models-documents.ts';
import { readModelsError } from './read-models-errors.ts';
import { openJournal, type JournalWorld } from './read-models-journal.ts';
import { eachTableOf, quoted, tableOf } from './read-models-names.ts';
import { openConnection } from './read-models-open.ts';
import { readProjections, writeProjection } from './read-models-projections.ts';
import { selectOf } from './read-models-query.ts';
import { lookAt } from './read-models-look.ts';
import { createReader } from './read-models-read.ts';
import { prepareCollection, reserveCollection } from './read-models-schema.ts';
import type { Sql } from './read-models-sql.ts';
import { straysIn } from './read-models-strays.ts';
import { createTables, type Table } from './read-models-tables.ts';
import { createTogether } from './read-models-together.ts';
import { createWriter, removeDocuments } from './read-models-write.ts';

/** Where the embedded read models are. */
export interface SqliteReadModelsOptions {
  /** The file; it and its folder are made when they are not there. */
  readonly path: string;
  /** Milliseconds to wait while another thread or process writes (default 2,000). */
  readonly busyTimeout?: number;
  /**
   * Who copies what was committed from the journal into the file and waits for the disk: whoever commits (`here`, default),
   * whoever else has the file open (`elsewhere`), or a thread beside it, which these look after.
   */
  readonly copies?: 'here' | 'elsewhere' | JournalWorld;
}

const BUSY_TIMEOUT = 2_000;

type Row = Record<string, unknown>;

const documentOf = (collection: string, row: Row): StoredDocument => {
  const key = row['key'] as string;
  const position = row['position'] as bigint;
  return { key, position, doc: objectIn(collection, key, position, row['doc']) };
};

/** Key, position and document, and what they are sorted by. */
type List = readonly [key: string, position: bigint, doc: string];

const textOf = ({ key, position, text }: Row): StoredText => ({
  key: key as string,
  position: position as bigint,
  text: storedText(text),
});

/**
 * Opens read models in one file, which several threads and processes may use at once: reads never wait, writes take
 * turns. Rejects with `ReadModelsCorrupt` for a file that is something else, which is left as it is.
 */
export const openSqliteReadModels = async ({
  path,
  busyTimeout = BUSY_TIMEOUT,
  copies = 'here',
}: SqliteReadModelsOptions): Promise<ReadModels> => {
  const journal = typeof copies === 'object' ? openJournal(path, copies) : undefined;
  const connection = openConnection(path, busyTimeout, copies === 'here', journal?.committed);
  const { database } = connection;
  const tables = createTables(connection);
  const read = createReader(connection, tables);
  const parse = createDocuments();
  const answers = createAnswers(connection);
  const writeDocuments = createWriter(connection);
  const together = createTogether(connection);

  /** Changes tables, of which nothing that is remembered holds then. */
  const changing = (work: () => void): void => {
    try {
      work();
    } finally {
      tables.forget();
    }
  };

  const answer = async <T>(work: () => T | Promise<T>): Promise<T> => {
    if (!database.isOpen) {
      throw new ReadModelsUnavailable(
        `Expected the read models ${path} to be open, but they have been closed.`,
      );
    }
    try {
      return await work();
    } catch (error) {
      throw readModelsError(path, error);
    }
  };

  const rowsOf = (sql: string, ...values: readonly (string | number | bigint | null)[]): readonly Row[] =>
    connection.statement(sql).all(...values);

  const listed = ({ text, values }: Sql): readonly List[] =>
    connection.listing(text).all(...values) as unknown as readonly List[];

  const foundIn = (table: Table, query: DocumentQuery): readonly List[] => listed(selectOf(table, query));

  // Whoever finds documents may get the very same as somebody else. Not so where they are loaded to be folded on: none of
  // them stays as it is.
  const shared = (collection: string, rows: readonly List[]): Found => {
    let length = 0;
    const documents = rows.map(([key, position, doc]): StoredDocument => {
      length += doc.length;
      return Object.freeze({ key, position, doc: objectIn(collection, key, position, doc, parse) });
    });
    return { documents: Object.freeze(documents), length };
  };

  return {
    prepare: (collection, indexes) =>
      answer(() => {
        checkIndexes(indexes);
        changing(() => prepareCollection(connection, tables.of, collection, indexes));
      }),

    reserve: (collection, indexes) =>
      answer(() => {
        checkIndexes(indexes);
        changing(() => reserveCollection(connection, tables.of, collection, indexes));
      }),

    load: (collection, keys) =>
      answer(() => {
        const rows = read(collection, ({ name }) =>
          rowsOf(
            `SELECT d.key, d.position, d.doc FROM json_each(?) AS k CROSS JOIN ${quoted(name)} AS d ON d.key = k.value`,
            JSON.stringify(keys),
          ),
        );
        return new Map(rows.map((row) => [row['key'] as string, documentOf(collection, row)]));
      }),

    write: (collection, writes) =>
      answer(() => {
        checkWrites(writes);
        return together.write(writes.length, () => {
          const table = tables.of(collection);
          if (table === undefined) {
            throw new Error(
              `Expected the collection ${collection} to be prepared before it is written to, but it is not there.`,
            );
          }
          return writeDocuments(table, writes);
        });
      }),

    find: (collection, query) =>
      answer(() => {
        const [found = []] = answers.of(collection, [query], () => {
          checkQuery(query);
          return [
            shared(
              collection,
              read(collection, (table) => foundIn(table, query)),
            ),
          ];
        });
        return found;
      }),

    findEach: (collection, queries) =>
      answer(() =>
        answers.of(collection, queries, (missing) => {
          for (const query of missing) checkQuery(query);
          const pages = connection.reading(() => {
            const table = tables.of(collection);
            return missing.map((query) => (table === undefined ? [] : foundIn(table, query)));
          });
          return pages.map((page) => shared(collection, page));
        }),
      ),

    lookEach: (collection, looks) =>
      answer(() => {
        for (const look of looks) checkLook(look);
        return connection.reading(() => {
          const table = tables.of(collection);
          return looks.map((look) => {
            if (table === undefined) return { found: [], last: undefined };
            const { found, last } = lookAt(table, look, listed);
            return {
              found: shared(collection, found).documents,
              last: last && shared(collection, [last]).documents[0],
            };
          });
        });
      }),

    scan: (collection, after, limit) =>
      answer(() => {
        const rows = read(collection, ({ name }) => {
          const select = `SELECT key, position, doc AS text FROM ${quoted(name)}`;
          return after === undefined
            ? rowsOf(`${select} ORDER BY key LIMIT ?`, limit)
            : rowsOf(`${select} WHERE key > ? ORDER BY key LIMIT ?`, after, limit);
        });
        return rows.map(textOf);
      }),

    lastKey: (collection) =>
      answer(() => {
        const [row] = read(collection, ({ name }) => rowsOf(`SELECT max(key) AS key FROM ${quoted(name)}`));
        return (row?.['key'] ?? undefined) as string | undefined;
      }),

    strays: (collection, from, limit, upTo) =>
      answer(() =>
        connection.reading(() => {
          const table = tables.of(collection);
          return table === undefined
            ? { strays: [], looked: 0, next: undefined }
            : straysIn(connection, table, from, { limit, upTo });
        }),
      ),

    remove: (collection, which, upTo) =>
      answer(() => {
        checkWhich(which);
        connection.writing(() => {
          const table = tables.of(collection);
          if (table !== undefined) removeDocuments(connection, table, which, upTo);
        });
      }),

    rename: (collection, name) =>
      answer(() => {
        const other = tableOf(name);
        changing(() =>
          connection.writing(() => {
            const table = tables.of(collection);
            if (table === undefined) return;
            database.exec(`ALTER TABLE ${quoted(table.name)} RENAME TO ${quoted(other)}`);
            if (table.each === undefined) return;
            database.exec(`ALTER TABLE ${quoted(table.each.table)} RENAME TO ${quoted(eachTableOf(name))}`);
          }),
        );
      }),

    drop: (collection) =>
      answer(() => {
        const table = tableOf(collection);
        changing(() =>
          connection.writing(() => {
            database.exec(`DROP TABLE IF EXISTS ${quoted(table)}`);
            database.exec(`DROP TABLE IF EXISTS ${quoted(eachTableOf(collection))}`);
          }),
        );
      }),

    projections: () => answer(() => readProjections(connection)),
    saveProjection: (record) => answer(() => together.write(1, () => writeProjection(connection, record))),
    ping: () => answer(() => void rowsOf('SELECT count(*) FROM projections')),

    async close() {
      if (!database.isOpen) return;
      together.settle();
      database.close();
      await journal?.close();
    },
  };
};
