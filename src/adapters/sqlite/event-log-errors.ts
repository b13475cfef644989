import { LogCorrupt, LogUnavailable } from '../../ports/event-log.ts';

/** SQLite's code for a lock that somebody else holds. */
export const BUSY = 5;

const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** SQLite's primary result code of an error; 0 when SQLite did not throw it. */
export const sqliteCode = (error: unknown): number =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : 0;

/** What to tell whoever opens or reads a file that cannot be what was written. */
export const corrupt = (file: string, problem: string, cause?: unknown): LogCorrupt =>
  new LogCorrupt(
    `Expected ${file} to be a whole log, but ${problem}. Nothing was changed: restore the folder from a backup, or move it away to start with an empty log.`,
    cause,
  );

/** The port's error for what was thrown while the file was used. */
export const portError = (file: string, error: unknown): LogCorrupt | LogUnavailable => {
  if (error instanceof LogCorrupt || error instanceof LogUnavailable) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = sqliteCode(error);
  if (code === CORRUPT || code === NOT_A_DATABASE || error instanceof SyntaxError) {
    return corrupt(file, message, error);
  }
  return new LogUnavailable(`Expected the log ${file} to answer, but: ${message}.`, error);
};

/** The error of a call on a log that was closed. */
export const closed = (file: string): LogUnavailable =>
  new LogUnavailable(`Expected the log ${file} to be open, but it was closed.`);
