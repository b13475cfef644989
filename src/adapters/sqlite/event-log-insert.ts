import type { DatabaseSync } from 'node:sqlite';
import { ROW_SIZE, type Value } from './event-log-row.ts';

/**
 * What became of each append of a group: the position of its last event, which is above 0,
 * or for a conflict minus one more than the revision that its stream ends at.
 */
export type Outcomes = number[];

/** Writes a group of commits (rows one after the other) in one transaction, durable on return. */
export type InsertGroup = (rows: readonly Value[]) => Outcomes;

const INSERT = `INSERT INTO commits (position, stream, revision, n, at, id, previous, hash, metadata, facts, payloads)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const END = 'SELECT position + n AS next FROM commits ORDER BY position DESC LIMIT 1';
const STREAM_END = 'SELECT revision + n AS next FROM commits WHERE stream = ? ORDER BY revision DESC LIMIT 1';
const SAME =
  'SELECT position + n - 1 AS position FROM commits WHERE stream = ? AND revision = ? AND n = ? AND hash = ?';

/** Prepares the writing of groups on a connection. What throws leaves nothing of its group behind. */
export const prepareInsert = (database: DatabaseSync): InsertGroup => {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const insert = database.prepare(INSERT);
  const end = database.prepare(END);
  const streamEnd = database.prepare(STREAM_END);
  const same = database.prepare(SAME);

  const write = (rows: readonly Value[]): Outcomes => {
    const outcomes: Outcomes = [];
    let position = Number(end.get()?.['next'] ?? 1);
    for (let row = 0; row < rows.length; row += ROW_SIZE) {
      const stream = rows[row] as string;
      const revision = rows[row + 1] as number;
      const n = rows[row + 2] as number;
      const next = Number(streamEnd.get(stream)?.['next'] ?? 0);
      if (next === revision) {
        insert.run(position, ...rows.slice(row, row + ROW_SIZE));
        position += n;
        outcomes.push(position - 1);
      } else {
        const found = next > revision ? same.get(stream, revision, n, rows[row + 6] as string) : undefined;
        outcomes.push(found === undefined ? -next : Number(found['position']));
      }
    }
    return outcomes;
  };

  return (rows) => {
    // A rollback that failed with the disk is made up for here.
    if (database.isTransaction) database.exec('ROLLBACK');
    begin.run();
    try {
      const outcomes = write(rows);
      commit.run();
      return outcomes;
    } catch (error) {
      // Some faults have rolled the transaction back already.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
};
