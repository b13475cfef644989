import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { mayTellOf, type Shard } from '../../domain/shard.ts';
import type { EventFilter, LogBatch } from '../../ports/event-log.ts';
import { collector } from './event-log-collect.ts';
import { BARE, COLUMNS, type AnyRow, type StoredRow, type Value } from './event-log-row.ts';

/** Goes through the log from a position on, a batch a call. */
export type Scan = () => LogBatch;

const END = 'SELECT position + n - 1 AS last FROM commits ORDER BY position DESC LIMIT 1';
// What `mayTellOf` says of a shard and a stream.
const inShard = ({ index, of }: Shard): string =>
  `AND (substr(stream, 1, 10) <> 'execution-' OR unicode(substr(stream, -1)) % ${of} = ${index})`;
const logOf = (columns: string, shard: Shard | undefined): string => `SELECT ${columns} FROM commits
  WHERE position >= (SELECT max(position) FROM commits WHERE position <= ?1) AND position <= ?2
  ${shard === undefined ? '' : inShard(shard)} ORDER BY position`;
const STREAM = `SELECT ${COLUMNS} FROM commits
  WHERE stream = ?1 AND revision >= ?2 AND position <= ?3 ORDER BY revision LIMIT ?4`;
const STREAM_AT =
  'SELECT revision FROM commits WHERE stream = ? AND position <= ? ORDER BY revision DESC LIMIT 1';

// How many events that a filter does not want are passed over before others get their turn.
const MOST_PASSED = 4_096;

/** Prepares the question where the log ends: the position of its last event, 0 when it is empty. */
export const prepareEnd = (database: DatabaseSync): (() => number) => {
  const end = database.prepare(END);
  return () => Number(end.get()?.['last'] ?? 0);
};

/** Runs a statement on `COLUMNS`, row by row. */
export const rowsOf = (statement: StatementSync, ...values: Value[]): Iterable<StoredRow> => {
  statement.setReturnArrays(true);
  return statement.iterate(...values) as Iterable<unknown> as Iterable<StoredRow>;
};

/** Prepares the reading of the rows from one position to another. Whole rows come one by one, since some may be large. */
const prepareRows = (
  database: DatabaseSync,
  shard: Shard | undefined,
  withoutPayloads: boolean,
): ((from: number, to: number) => Iterable<AnyRow>) => {
  const statement = database.prepare(logOf(withoutPayloads ? BARE : COLUMNS, shard));
  if (!withoutPayloads) return (from, to) => rowsOf(statement, from, to);
  statement.setReturnArrays(true);
  return (from, to) => statement.all(from, to) as unknown as readonly AnyRow[];
};

/** Prepares a scan of all streams, strictly after a position. */
export const scanLog = (
  database: DatabaseSync,
  after: number,
  filter: EventFilter,
  batch: number,
  withoutPayloads: boolean,
): Scan => {
  const last = prepareEnd(database);
  const rows = prepareRows(database, filter.shard, withoutPayloads);
  const collect = collector(filter, batch);
  const filtered = filter.categories !== undefined || filter.types !== undefined;
  const stride = filtered ? Math.max(batch, MOST_PASSED) : batch;
  let position = after;
  return () => {
    const end = last();
    if (end <= position) return { events: [], position: BigInt(position), caughtUp: true };
    const upTo = Math.min(end, position + stride);
    const { events, stoppedAt } = collect(rows(position + 1, upTo), { after: position, end: upTo });
    position = stoppedAt ?? upTo;
    return { events, position: BigInt(position), caughtUp: position >= end };
  };
};

/** Prepares a scan of one stream, which looks at that stream's rows only. */
export const scanStream = (
  database: DatabaseSync,
  stream: string,
  after: number,
  filter: EventFilter,
  batch: number,
): Scan => {
  const last = prepareEnd(database);
  const statement = database.prepare(STREAM);
  const collect = collector(filter, batch);
  const isElsewhere = filter.shard !== undefined && !mayTellOf(filter.shard, stream);
  let position = after;
  let revision = Number(database.prepare(STREAM_AT).get(stream, after + 1)?.['revision'] ?? 0);
  return () => {
    const end = last();
    if (isElsewhere) position = Math.max(position, end);
    if (end <= position) return { events: [], position: BigInt(position), caughtUp: true };
    const found = collect(rowsOf(statement, stream, revision, end, batch), { after: position, end });
    const row = found.lastRow;
    if (row === undefined) {
      position = end;
    } else if (found.stoppedAt !== undefined) {
      position = found.stoppedAt;
      revision = row[2];
    } else {
      position = found.rows < batch ? end : row[0] + row[3] - 1;
      revision = row[2] + row[3];
    }
    return { events: found.events, position: BigInt(position), caughtUp: position >= end };
  };
};
