import type { DatabaseSync } from 'node:sqlite';
import { sayTruncated } from './event-log-schema.ts';
import { rowsOf } from './event-log-scan.ts';
import { COLUMNS } from './event-log-row.ts';

const WHOLE = `SELECT ${COLUMNS} FROM commits
  WHERE stream = ?1 AND revision >= ?2 AND revision < ?3 AND revision + n <= ?4 AND facts <> ''`;
const REMOVE = 'DELETE FROM commits WHERE position = ?';
// What a commit was goes; where it stood and its hashes stay, so positions have no gap and the chain no hole.
const PUT_BACK = `INSERT INTO commits (position, stream, revision, n, at, id, previous, hash, metadata, facts, payloads)
  VALUES (?, ?, ?, ?, NULL, '', ?, ?, '', '', '')`;

/** Revisions whose commits are emptied in one transaction: others get their turn in between. */
const STRIDE = 1_024;

/** Empties the commits of a stream that end before a revision, the next ones from `from` on. Answers where to go on; `undefined` when that is all. */
export type TruncateSome = (stream: string, before: number, from: number) => number | undefined;

/** Prepares the truncation of streams; what a call has emptied is durable on return. */
export const prepareTruncate = (database: DatabaseSync): TruncateSome => {
  const whole = database.prepare(WHOLE);
  const remove = database.prepare(REMOVE);
  const putBack = database.prepare(PUT_BACK);

  const empty = (stream: string, before: number, from: number): void => {
    // All of them first: they are not where they were once the first one is put back.
    const rows = [...rowsOf(whole, stream, from, from + STRIDE, before)];
    for (const row of rows) {
      const [position, , revision, n, , previous, hash] = row;
      // Pages are only joined with others where rows go: those that become shorter would leave room that nothing is put into.
      remove.run(position);
      putBack.run(position, stream, revision, n, previous, hash);
    }
  };

  return (stream, before, from) => {
    if (database.isTransaction) database.exec('ROLLBACK');
    database.exec('BEGIN IMMEDIATE');
    try {
      sayTruncated(database);
      empty(stream, before, from);
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
    return from + STRIDE < before ? from + STRIDE : undefined;
  };
};
