import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { LogUnavailable } from '../../ports/event-log.ts';
import { openDatabase } from './database.ts';
import { corrupt, portError } from './event-log-errors.ts';
import { lockLog } from './event-log-lock.ts';
import { checkVersion, createTables, isNew } from './event-log-schema.ts';
import { checkTail } from './event-log-tail.ts';

/** A log's file, open. */
export interface OpenFile {
  readonly file: string;
  readonly database: DatabaseSync;
  close(): void;
}

/** The file of a log: `events.db` in a folder, unless the path names a file by its extension. */
export const fileOf = (path: string): string => (extname(path) === '' ? join(path, 'events.db') : path);

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** Opens a log's file for this process to write, made when it is not there. Throws `LogInUse`, `LogCorrupt`, `LogUnavailable`. */
export const openToWrite = (file: string): OpenFile => {
  const release = takeLock(file);
  let database: DatabaseSync | undefined;
  try {
    // SQLite would throw such a journal away, with all that was not yet moved out of it.
    if (sizeOf(file) === 0 && sizeOf(`${file}-wal`) > 0) throw corrupt(file, 'only its journal is there');
    database = openDatabase(file);
    if (isNew(database)) createTables(database);
    checkVersion(database, file);
    checkTail(database, file);
  } catch (error) {
    database?.close();
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
  };
};

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
  return { file, database, close: () => opened.close() };
};
