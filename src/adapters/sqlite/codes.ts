/** SQLite's code for what it has no other for: a table or column that is not there, above all. */
export const FAILED = 1;

/** SQLite's code for a lock that somebody else holds. */
export const BUSY = 5;

/** SQLite's code for a table that was changed more than once while a statement about it was made. */
export const CHANGED = 17;

/** SQLite's code for a file, or a connection, that can only be read. */
export const READ_ONLY = 8;

const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** SQLite's primary result code of an error; 0 when SQLite did not throw it. */
export const sqliteCode = (error: unknown): number =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : 0;

/** Whether an error says that the file cannot be what was written. */
export const saysCorrupt = (error: unknown): boolean => [CORRUPT, NOT_A_DATABASE].includes(sqliteCode(error));
