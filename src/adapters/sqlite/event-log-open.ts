import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LogUnavailable } from '../../ports/event-log.ts';
import { lookAt, openDatabase, sizeOf } from './database.ts';
import { corrupt, portError } from './event-log-errors.ts';
import { lockLog } from './event-log-lock.ts';
import { missingPages } from './event-log-pages.ts';
import { checkVersion, createTables, isNew } from './event-log-schema.ts';
import { checkTail } from './event-log-tail.ts';

/** A log's file, open. */
export interface OpenFile {
  readonly file: string;
  readonly database: DatabaseSync;
  close(): void;
  /** Closes it as it was found: what stands in the journal stays there. */
  leave(): void;
}

/** The file of a log: `events.db` in a folder, unless the path names a file that ends in `.db`. */
export const fileOf = (path: string): string => (path.endsWith('.db') ? path : join(path, 'events.db'));

// Short, since a wait here holds up the whole thread.
const BUSY_TIMEOUT = 50;

// Whoever closes a file last moves the journal into it, unless it may only read.
const closeUntouched = (file: string, database: DatabaseSync): void => {
  const witness = new DatabaseSync(file, { readOnly: true });
  try {
    // Only what has read something is open as far as the others know.
    witness.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch {
    // What cannot even be read cannot be changed by closing it.
  }
  database.close();
  witness.close();
};

/** Opens a log's file for this process to write, made when it is not there. Throws `LogInUse`, `LogCorrupt`, `LogUnavailable`. */
export const openToWrite = (file: string): OpenFile => {
  const release = takeLock(file);
  let database: DatabaseSync | undefined;
  try {
    checkSize(file);
    checkOwner(file);
    database = openDatabase(file, { busyTimeout: BUSY_TIMEOUT });
    if (isNew(database)) createTables(database);
    checkTail(database, file);
  } catch (error) {
    if (database !== undefined) closeUntouched(file, database);
    release();
    throw portError(file, error);
  }
  const opened = database;
  return {
    file,
    database,
    close() {
      opened.close();
      release();
    },
    leave() {
      closeUntouched(file, opened);
      release();
    },
  };
};

const checkSize = (file: string): void => {
  const journal = sizeOf(`${file}-wal`);
  if (sizeOf(file) === 0) {
    // SQLite would throw such a journal away, with all that was not yet moved out of it.
    if (journal > 0) throw corrupt(file, 'only its journal is there');
    return;
  }
  const missing = missingPages(file);
  if (missing > 0) throw corrupt(file, `${missing} of its pages are missing`);
};

const checkOwner = (file: string): void =>
  lookAt(file, BUSY_TIMEOUT, (database) => {
    if (!isNew(database)) checkVersion(database, file);
  });

const takeLock = (file: string): (() => void) => {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw portError(file, error);
  }
  return lockLog(file);
};

/** Opens a log's file for reading only, beside the log that writes it. Throws `LogCorrupt`, `LogUnavailable`. */
export const openToRead = (file: string): OpenFile => {
  if (!existsSync(file)) {
    throw new LogUnavailable(`Expected the log ${file} to be there, but there is no such file.`);
  }
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(file, { readOnly: true });
    checkVersion(database, file);
  } catch (error) {
    database?.close();
    throw portError(file, error);
  }
  const opened = database;
  const close = (): void => opened.close();
  return { file, database, close, leave: close };
};
