import type { DatabaseSync } from 'node:sqlite';
import type { StreamHead } from '../../domain/chain.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import type { ReadOptions } from '../../ports/event-log.ts';
import { COLUMNS, decode, isTruncated } from './event-log-row.ts';
import { rowsOf } from './event-log-scan.ts';

const STREAM = `SELECT ${COLUMNS} FROM commits
  WHERE stream = ?1 AND revision < ?3
    AND revision >= coalesce((SELECT max(revision) FROM commits WHERE stream = ?1 AND revision <= ?2), 0)
  ORDER BY revision`;
// From the end: what is left of a stream that was truncated is short.
const LEFT =
  "SELECT revision + n AS first FROM commits WHERE stream = ? AND facts = '' ORDER BY revision DESC LIMIT 1";
const HEAD =
  'SELECT revision + n - 1 AS last, hash FROM commits WHERE stream = ? ORDER BY revision DESC LIMIT 1';

/** Prepares the reading of streams. */
export const prepareRead = (
  database: DatabaseSync,
): ((stream: string, options: ReadOptions) => readonly RecordedEvent[]) => {
  const statement = database.prepare(STREAM);
  const left = database.prepare(LEFT);
  return (stream, { from = 0, limit = 1_000 }) => {
    let events: RecordedEvent[] = [];
    const readFrom = (first: number): boolean => {
      events = [];
      for (const row of rowsOf(statement, stream, first, first + limit)) {
        if (isTruncated(row)) return false;
        decode(row, first - row[2], first + limit - row[2], events);
      }
      return true;
    };
    if (!readFrom(from)) readFrom(Number(left.get(stream)?.['first']));
    return events;
  };
};

/** Prepares the question where a stream ends. */
export const prepareHead = (database: DatabaseSync): ((stream: string) => StreamHead | undefined) => {
  const head = database.prepare(HEAD);
  return (stream) => {
    const found = head.get(stream);
    if (found === undefined) return undefined;
    return { revision: Number(found['last']), hash: String(found['hash']) };
  };
};
