import { CHANGED, FAILED, sqliteCode } from './codes.ts';
import type { Connection } from './read-models-connection.ts';
import type { Table, Tables } from './read-models-tables.ts';

/** Reads the table of a collection by the one statement that is made of it; nothing where there is none. */
export type ReadTable = <T>(collection: string, read: (table: Table) => readonly T[]) => readonly T[];

/** Reads tables as they are remembered; one that is another by now is looked up, and read anew. */
export const createReader = (connection: Connection, tables: Tables): ReadTable => {
  const lookedUp: ReadTable = (collection, read) =>
    connection.reading(() => {
      const table = tables.of(collection);
      return table === undefined ? [] : read(table);
    });
  return (collection, read) => {
    const table = tables.remembered(collection);
    if (table === undefined) return lookedUp(collection, read);
    try {
      return connection.readingOnce(() => read(table));
    } catch (error) {
      // It, or a column of it, is not there: who drops a table or renames it tells nobody.
      if (![FAILED, CHANGED].includes(sqliteCode(error))) throw error;
      return lookedUp(collection, read);
    }
  };
};
