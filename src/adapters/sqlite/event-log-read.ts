import type { DatabaseSync } from 'node:sqlite';
import type { StreamHead } from '../../domain/chain.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import type { ReadOptions } from '../../ports/event-log.ts';
import { COLUMNS, decode } from './event-log-row.ts';
import { rowsOf } from './event-log-scan.ts';

const STREAM = `SELECT ${COLUMNS} FROM commits
  WHERE stream = ?1 AND revision < ?3
    AND revision >= coalesce((SELECT max(revision) FROM commits WHERE stream = ?1 AND revision <= ?2), 0)
  ORDER BY revision`;
const HEAD =
  'SELECT revision + n - 1 AS last, hash FROM commits WHERE stream = ? ORDER BY revision DESC LIMIT 1';

/** Prepares the reading of streams. */
export const prepareRead = (
  database: DatabaseSync,
): ((stream: string, options: ReadOptions) => readonly RecordedEvent[]) => {
  const statement = database.prepare(STREAM);
  return (stream, { from = 0, limit = 1_000 }) => {
    const events: RecordedEvent[] = [];
    for (const row of rowsOf(statement, stream, from, from + limit)) {
      decode(row, from - row[2], from + limit - row[2], events);
    }
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
