import { DatabaseSync } from 'node:sqlite';
import { BUSY, sqliteCode } from './codes.ts';
import { portError } from './event-log-errors.ts';

/** Another log, of this process or of another one, writes to the same file. */
export class LogInUse extends Error {
  readonly code = 'LOG_IN_USE';

  constructor(file: string) {
    super(
      `Expected to be the only one that writes to ${file}, but another process does: stop it, or use a folder of its own.`,
    );
    this.name = 'LogInUse';
  }
}

/**
 * Takes the right to write to a file, and answers what gives it back. It is the operating system's
 * lock on a file beside it, so that it goes with the process however that ends. Throws `LogInUse`, `LogUnavailable`.
 */
export const lockLog = (file: string): (() => void) => {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(`${file}.lock`, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    throw sqliteCode(error) === BUSY ? new LogInUse(file) : portError(file, error);
  }
  const held = lock;
  return () => held.close();
};
