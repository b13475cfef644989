import type { DatabaseSync } from 'node:sqlite';
import { commitHash, leafHash, resealed } from '../../domain/chain.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import { corrupt } from './event-log-errors.ts';
import { COLUMNS, decode, isTruncated, type StoredRow } from './event-log-row.ts';
import { rowsOf } from './event-log-scan.ts';

// Enough to meet what the last seconds before an accident left behind; the whole file would take minutes.
const LAST_ROWS = 64;

const TAIL = `SELECT ${COLUMNS} FROM commits ORDER BY position DESC LIMIT ${LAST_ROWS}`;
const BEFORE =
  'SELECT revision + n AS next, hash FROM commits WHERE stream = ? AND revision < ? ORDER BY revision DESC LIMIT 1';

const hashOf = (row: StoredRow): string => {
  const events: RecordedEvent[] = [];
  decode(row, 0, row[3], events);
  const leaves = events.map((event) => leafHash(resealed(event)));
  return commitHash(row[5], row[1], row[2], leaves, row[7]);
};

/** Checks the last commits against their places and hashes. Throws `LogCorrupt`. */
export const checkTail = (database: DatabaseSync, file: string): void => {
  const before = database.prepare(BEFORE);
  let next: number | undefined;
  for (const row of rowsOf(database.prepare(TAIL))) {
    const [position, stream, revision, n, , previous, hash] = row;
    const place = `the commit to ${stream} at revision ${revision}`;
    if (next !== undefined && position + n !== next) {
      throw corrupt(file, `${place} ends at position ${position + n - 1} and the next begins at ${next}`);
    }
    next = position;
    // The next one of its stream still says the hash of one that was given up.
    if (!isTruncated(row) && hashOf(row) !== hash)
      throw corrupt(file, `${place} does not have the hash that it was written with`);
    const found = before.get(stream, revision);
    if (Number(found?.['next'] ?? 0) !== revision || (found?.['hash'] ?? '') !== previous) {
      throw corrupt(file, `${place} does not follow the one before it`);
    }
  }
};
