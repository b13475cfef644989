import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A connection that keeps its statements. */
export interface Connection {
  readonly database: DatabaseSync;
  /** A statement that reads integers as bigint, kept for the next time. */
  statement(sql: string): StatementSync;
  /** What one statement that `work` runs sees is one moment of the file; without what a transaction costs. */
  readingOnce<T>(work: () => T): T;
  /** What `work` sees is one moment of the file, whatever is written meanwhile. */
  reading<T>(work: () => T): T;
  /** All that `work` does, or none of it when it throws. */
  writing<T>(work: () => T): T;
}

/** Queries are many in form when filters combine; past this number the longest unused goes. */
const STATEMENTS = 256;

/** Wraps a database. */
export const createConnection = (database: DatabaseSync): Connection => {
  const statements = new Map<string, StatementSync>();

  // Only when it is needed: to find the first of a map takes longer than all else that is done here.
  const forgetOldest = (): void => {
    const [oldest] = statements.keys();
    if (oldest !== undefined) statements.delete(oldest);
  };

  const statement = (sql: string): StatementSync => {
    const found = statements.get(sql);
    if (found !== undefined) statements.delete(sql);
    const kept = found ?? database.prepare(sql);
    if (found === undefined) kept.setReadBigInts(true);
    statements.set(sql, kept);
    if (statements.size > STATEMENTS) forgetOldest();
    return kept;
  };

  // A rollback that failed with the disk is made up for here.
  const leaveTransaction = (): void => {
    if (database.isTransaction) database.exec('ROLLBACK');
  };

  const within = <T>(begin: string, work: () => T): T => {
    leaveTransaction();
    statement(begin).run();
    try {
      const result = work();
      statement('COMMIT').run();
      return result;
    } catch (error) {
      // Some faults have rolled the transaction back already.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };

  return {
    database,
    statement,
    readingOnce: (work) => {
      leaveTransaction();
      return work();
    },
    reading: (work) => within('BEGIN', work),
    // Taking the lock at once: a read that turns into a write fails at once when somebody wrote in between.
    writing: (work) => within('BEGIN IMMEDIATE', work),
  };
};
