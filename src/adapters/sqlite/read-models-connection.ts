import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A connection that keeps its statements. */
export interface Connection {
  readonly database: DatabaseSync;
  /** A statement that reads integers as bigint, kept for the next time. */
  statement(sql: string): StatementSync;
  /** The same, whose rows are lists of their values, which takes less. */
  listing(sql: string): StatementSync;
  /** Another one once anything has been written, by this connection or any other. */
  version(): string;
  /** What one statement that `work` runs sees is one moment of the file; without what a transaction costs. */
  readingOnce<T>(work: () => T): T;
  /** What `work` sees is one moment of the file, whatever is written meanwhile. */
  reading<T>(work: () => T): T;
  /** All that `work` does, or none of it when it throws. */
  writing<T>(work: () => T): T;
}

/** Queries are many in form when filters combine; past this number the longest unused goes. */
const STATEMENTS = 256;

/** Wraps a database; `committed` is told of each transaction that wrote. */
export const createConnection = (database: DatabaseSync, committed?: () => void): Connection => {
  const statements = new Map<string, StatementSync>();
  const lists = new Map<string, StatementSync>();
  let written = 0;

  // Only when it is needed: to find the first of a map takes longer than all else that is done here.
  const forgetOldest = (kept: Map<string, StatementSync>): void => {
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  };

  const prepared = (kept: Map<string, StatementSync>, sql: string): StatementSync => {
    const known = kept.get(sql);
    if (known !== undefined) kept.delete(sql);
    const found = known ?? database.prepare(sql);
    if (known === undefined) {
      found.setReadBigInts(true);
      if (kept === lists) found.setReturnArrays(true);
    }
    kept.set(sql, found);
    if (kept.size > STATEMENTS) forgetOldest(kept);
    return found;
  };

  const statement = (sql: string): StatementSync => prepared(statements, sql);
  const listing = (sql: string): StatementSync => prepared(lists, sql);
  // Asked for at every look.
  let versions: StatementSync | undefined;

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
    listing,
    version: () => {
      versions ??= listing('PRAGMA data_version');
      const [others] = versions.get() as unknown as readonly bigint[];
      return `${others} ${written}`;
    },
    readingOnce: (work) => {
      leaveTransaction();
      return work();
    },
    reading: (work) => within('BEGIN', work),
    // Taking the lock at once: a read that turns into a write fails at once when somebody wrote in between.
    writing: (work) => {
      try {
        const result = within('BEGIN IMMEDIATE', work);
        committed?.();
        return result;
      } finally {
        written += 1;
      }
    },
  };
};
