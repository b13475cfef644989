import type { DatabaseSync } from 'node:sqlite';
import { sayTruncated } from './event-log-schema.ts';

// What a commit was goes; where it stood and its hashes stay, so positions have no gap and the chain no hole.
const EMPTY = `UPDATE commits SET id = '', metadata = '', facts = '', payloads = ''
  WHERE stream = ?1 AND revision >= ?2 AND revision < ?3 AND revision + n <= ?4 AND facts <> ''`;

/** Revisions whose commits are emptied in one transaction: others get their turn in between. */
const STRIDE = 1_024;

/** Empties the commits of a stream that end before a revision, the next ones from `from` on. Answers where to go on; `undefined` when that is all. */
export type TruncateSome = (stream: string, before: number, from: number) => number | undefined;

/** Prepares the truncation of streams; what a call has emptied is durable on return. */
export const prepareTruncate = (database: DatabaseSync): TruncateSome => {
  const empty = database.prepare(EMPTY);
  return (stream, before, from) => {
    if (database.isTransaction) database.exec('ROLLBACK');
    database.exec('BEGIN IMMEDIATE');
    try {
      sayTruncated(database);
      empty.run(stream, from, from + STRIDE, before);
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
    return from + STRIDE < before ? from + STRIDE : undefined;
  };
};
