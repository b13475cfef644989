import type { Connection } from './read-models-connection.ts';
import { eachTableOf, fieldNamed, tableOf } from './read-models-names.ts';

/** Where the texts of a list stand, each beside what its document is sorted by: that index is a table of its own. */
export interface Each {
  /** Unquoted. */
  readonly table: string;
  /** The field that is the list. */
  readonly field: string;
  /** The field that the documents of one text are in the order of. */
  readonly place: string;
}

/** What there is of a collection. */
export interface Table {
  /** Unquoted. */
  readonly name: string;
  /** Those of indexed fields, unquoted. */
  readonly columns: ReadonlySet<string>;
  readonly each: Each | undefined;
}

/** Looks a collection's table up; `undefined` when there is none. */
export type TableFor = (collection: string) => Table | undefined;

/** The version of the tables' schema, which any change of it raises. */
const schemaVersion = (connection: Connection): unknown =>
  connection.statement('PRAGMA schema_version').get()?.['schema_version'];

const namesIn = (connection: Connection, table: string): readonly string[] =>
  connection
    .statement('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => name as string);

const eachIn = (connection: Connection, collection: string): Each | undefined => {
  const table = eachTableOf(collection);
  const [list, place] = namesIn(connection, table);
  if (list === undefined || place === undefined) return undefined;
  return { table, field: fieldNamed(list), place: fieldNamed(place) };
};

const tableIn = (connection: Connection, collection: string): Table | undefined => {
  const name = tableOf(collection);
  const names = namesIn(connection, name);
  if (names.length === 0) return undefined;
  const columns = new Set(names.filter((column) => column.startsWith('f_')));
  return { name, columns, each: eachIn(connection, collection) };
};

/** Tables as they are, and as they were when they were last looked up. */
export interface Tables {
  /** As it is, to be called in the transaction of the statement that is made of the answer. */
  readonly of: TableFor;
  /**
   * As it was: `undefined` when it has not been looked up lately, or was not there. Since then it may have gone, which its
   * statement then says, or have got columns, which that does without.
   */
  readonly remembered: TableFor;
  /** Remembers nothing any more, since tables have changed. */
  forget(): void;
}

/** How often what is remembered is used: others may give a table columns, without which an index is not found. */
const USES = 100;

/** Looks tables up, again only after a schema change by anybody. */
export const createTables = (connection: Connection): Tables => {
  let version: unknown;
  const known = new Map<string, Table | undefined>();
  const left = new Map<string, number>();
  return {
    of: (collection) => {
      const now = schemaVersion(connection);
      if (now !== version) known.clear();
      version = now;
      if (!known.has(collection)) known.set(collection, tableIn(connection, collection));
      left.set(collection, USES);
      return known.get(collection);
    },
    remembered: (collection) => {
      const uses = left.get(collection) ?? 0;
      if (uses === 0) return undefined;
      left.set(collection, uses - 1);
      return known.get(collection);
    },
    forget: () => left.clear(),
  };
};
