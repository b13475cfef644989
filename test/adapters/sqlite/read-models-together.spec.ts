import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { createConnection } from '../../../src/adapters/sqlite/read-models-connection.ts';
import { createTogether } from '../../../src/adapters/sqlite/read-models-together.ts';
import { temporaryFolder } from './temporary-folder.ts';

const opened = () => {
  const path = join(temporaryFolder(), 'things.db');
  const database = openDatabase(path, { busyTimeout: 20 });
  onTestFinished(() => database.close());
  database.exec('CREATE TABLE things (n INTEGER PRIMARY KEY)');
  const connection = createConnection(database);
  const add = (n: number) => database.prepare('INSERT INTO things VALUES (?)').run(n);
  let transactions = 0;
  const together = createTogether({
    ...connection,
    writing: (work) => {
      transactions += 1;
      return connection.writing(work);
    },
  });
  return {
    path,
    together,
    add,
    insert: (n: number, documents = 1) =>
      together.write(documents, () => {
        add(n);
        return database.prepare('SELECT n FROM things ORDER BY n').all().length;
      }),
    things: () =>
      database
        .prepare('SELECT n FROM things ORDER BY n')
        .all()
        .map(({ n }) => n),
    transactions: () => transactions,
  };
};

describe('writes that are asked for in one turn', () => {
  it('are done in their order in one transaction, also those of whoever had to wait for a promise', async () => {
    const { insert, things, transactions } = opened();
    const late = async () => {
      for (let n = 0; n < 20; n += 1) await Promise.resolve();
      return insert(3);
    };
    const answers = Promise.all([insert(1), late(), insert(2)]);
    expect(things()).toEqual([]);
    expect(await answers).toEqual([1, 3, 2]);
    expect(transactions()).toBe(1);
    expect(await insert(4)).toBe(4);
    expect(transactions()).toBe(2);
  });

  it('take nothing from one another when one fails, of which nothing is done', async () => {
    const { together, add, insert, things } = opened();
    const faulty = together.write(1, () => {
      add(9);
      throw new Error('It went wrong.');
    });
    const outcomes = await Promise.allSettled([insert(1), faulty, insert(1), insert(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(things()).toEqual([1, 2]);
  });

  it('wait for a lock that somebody else holds once, and not each for itself', async () => {
    const { path, insert, things, transactions } = opened();
    const intruder = new DatabaseSync(path);
    intruder.exec('BEGIN IMMEDIATE');
    const outcomes = await Promise.allSettled([insert(1), insert(2), insert(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(transactions()).toBe(1);
    intruder.exec('ROLLBACK');
    intruder.close();
    await Promise.all([insert(1), insert(2)]);
    expect(things()).toEqual([1, 2]);
  });

  it('are not so many in one transaction that others would wait for long', async () => {
    const { insert, transactions } = opened();
    await Promise.all([insert(1, 1_500), insert(2, 1_500), insert(3, 500), insert(4, 5_000)]);
    expect(transactions()).toBe(3);
  });

  it('are done at once when they are to be settled', async () => {
    const { together, insert, things } = opened();
    const answer = insert(1);
    together.settle();
    expect(things()).toEqual([1]);
    expect(await answer).toBe(1);
  });
});
