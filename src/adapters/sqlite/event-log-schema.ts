import type { DatabaseSync } from 'node:sqlite';
import { LogCorrupt } from '../../ports/event-log.ts';
import { corrupt } from './event-log-errors.ts';

/** Marks a file as Sagalog's event log ("Saga"). */
const APPLICATION = 0x53616761;

/** The version of the tables that this code reads and writes: since the second there may be commits that were truncated. */
const VERSION = 2;

/** The version that a log has in which nothing was truncated yet, which who knows the first alone can read. */
const WHOLE = 1;

// One row an append: a fraction of the work of one row an event. The large column stands last,
// so that what does not read it does not load its pages.
const TABLES = `
  CREATE TABLE commits (
    position INTEGER PRIMARY KEY,
    stream   TEXT NOT NULL,
    revision INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    at       INTEGER,
    id       TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL,
    metadata TEXT NOT NULL,
    facts    TEXT NOT NULL,
    payloads TEXT NOT NULL
  );
  CREATE UNIQUE INDEX commits_stream ON commits (stream, revision);
  PRAGMA application_id = ${APPLICATION};
  PRAGMA user_version = ${WHOLE};
`;

const pragma = (database: DatabaseSync, name: string): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);

/** Makes the tables of a new log. */
export const createTables = (database: DatabaseSync): void => {
  database.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT;`);
};

/** Says in the file that something in it was truncated: who does not know of that must not open it. */
export const sayTruncated = (database: DatabaseSync): void => {
  if (pragma(database, 'user_version') < VERSION) database.exec(`PRAGMA user_version = ${VERSION}`);
};

/** Whether the file holds nothing at all yet. */
export const isNew = (database: DatabaseSync): boolean =>
  pragma(database, 'application_id') === 0 &&
  database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] === 0;

/** Throws `LogCorrupt` unless the file is a log of this version. */
export const checkVersion = (database: DatabaseSync, file: string): void => {
  if (pragma(database, 'application_id') !== APPLICATION) {
    throw corrupt(file, 'it is a database of another program');
  }
  const version = pragma(database, 'user_version');
  if (version > VERSION) {
    throw new LogCorrupt(
      `Expected ${file} to be of version ${VERSION}, but it is of version ${version}: start the newer Sagalog that wrote it.`,
    );
  }
  if (version < 1) throw corrupt(file, `it says that it is of version ${version}`);
};
