import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** How to open a database. */
export interface DatabaseOptions {
  readonly readOnly?: boolean;
  /** Milliseconds to wait for a lock that somebody else holds (default 2,000). */
  readonly busyTimeout?: number;
  /** `FULL`: a commit is on the disk when it returns (default); `NORMAL`: it may be lost with the power, never torn. */
  readonly synchronous?: 'FULL' | 'NORMAL';
}

/** Bytes of a file; 0 when it is not there. */
export const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/**
 * Looks at a SQLite file that holds something, and leaves no trace: to open it for writing changes its journal mode.
 * Throws what `look` throws. `timeout` is in ms.
 */
export const lookAt = (file: string, timeout: number, look: (database: DatabaseSync) => void): void => {
  if (sizeOf(file) === 0) return;
  const database = new DatabaseSync(file, { readOnly: true, timeout });
  try {
    look(database);
  } finally {
    database.close();
  }
};

/** Opens a SQLite file in WAL mode, made when it is not there. */
export const openDatabase = (file: string, options: DatabaseOptions = {}): DatabaseSync => {
  const database = new DatabaseSync(file, {
    readOnly: options.readOnly ?? false,
    timeout: options.busyTimeout ?? 2_000,
  });
  try {
    if (options.readOnly !== true) {
      // Only a file without a page yet takes the page size, so it stands before the journal mode.
      database.exec('PRAGMA page_size = 16384');
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA journal_size_limit = 67108864');
    }
    database.exec(`PRAGMA synchronous = ${options.synchronous ?? 'FULL'}`);
    database.exec('PRAGMA cache_size = -16384');
    database.exec('PRAGMA temp_store = MEMORY');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};
