import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteLog } from '../../../src/adapters/sqlite/event-log.ts';
import { fill } from '../../conformance/event-log-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const LONG = 'x'.repeat(2_000);
const events = (count: number) =>
  Array.from({ length: count }, () => ({ type: 'step.completed', facts: {}, payload: { text: LONG } }));

const opened = async () => {
  const path = temporaryFolder();
  const log = await openSqliteLog({ path });
  onTestFinished(() => log.close());
  const ask = (sql: string): number => {
    const database = new DatabaseSync(join(path, 'events.db'), { readOnly: true });
    try {
      return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
    } finally {
      database.close();
    }
  };
  return { path, log, ask };
};

it('is what only a version that knows of it opens, once something was truncated', async () => {
  const { log, ask } = await opened();
  await fill(log, 'execution-1', 2, 1);
  expect(ask('PRAGMA user_version')).toBe(1);
  await log.truncate('execution-1', 2);
  expect(ask('PRAGMA user_version')).toBe(2);
});

it('keeps nothing of what was written, and gives its room to what comes', async () => {
  const { log, ask } = await opened();
  await fill(log, 'execution-1', events(100), 1);
  const freed = ask('PRAGMA freelist_count');
  await log.truncate('execution-1', 100);
  expect(ask(`SELECT count(*) FROM commits WHERE payloads LIKE '%xxxx%'`)).toBe(0);
  expect(ask('PRAGMA freelist_count')).toBeGreaterThan(freed + 10);
});

it('is refused by a log that only reads', async () => {
  const { path, log } = await opened();
  await fill(log, 'execution-1', 1, 1);
  const reader = await openSqliteLog({ path, mode: 'reader', wake: log.wake });
  onTestFinished(() => reader.close());
  await expect(reader.truncate('execution-1', 1)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  await log.truncate('execution-1', 1);
  expect((await reader.read('execution-1')).map(({ revision }) => revision)).toEqual([1]);
});
