import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LogInUse } from '../../../src/adapters/sqlite/event-log-lock.ts';
import { openSqliteLog } from '../../../src/adapters/sqlite/event-log.ts';
import { LogCorrupt, LogUnavailable, START } from '../../../src/ports/event-log.ts';
import { event, fill, freshStream } from '../../conformance/event-log-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CHILD = new URL('./event-log.child.ts', import.meta.url).pathname;

const written = async (commits = 40): Promise<string> => {
  const path = temporaryFolder();
  const log = await openSqliteLog({ path });
  await fill(log, freshStream(), ...Array.from({ length: commits }, () => [event('a', 'x'.repeat(2_000))]));
  await log.close();
  return path;
};

const alter = (path: string, sql: string): void => {
  const database = new DatabaseSync(join(path, 'events.db'));
  database.exec(sql);
  database.close();
};

describe('opening', () => {
  it('makes an empty log in a folder that is not there', async () => {
    const path = join(temporaryFolder(), 'a', 'b');
    const log = await openSqliteLog({ path });
    expect(await log.end()).toBe(START);
    await log.close();
    expect(statSync(join(path, 'events.db')).isFile()).toBe(true);
  });

  it('takes the name of a file as well', async () => {
    const path = join(temporaryFolder(), 'other.db');
    const log = await openSqliteLog({ path });
    await fill(log, freshStream(), 1);
    await log.close();
    expect(statSync(path).isFile()).toBe(true);
  });

  it('numbers the events of all streams from 1 without a hole', async () => {
    const log = await openSqliteLog({ path: temporaryFolder() });
    onTestFinished(() => log.close());
    const streams = [freshStream(), freshStream()] as const;
    await Promise.all(streams.map((stream) => fill(log, stream, 2, 1, 3)));
    const events = await Promise.all(streams.map((stream) => log.read(stream)));
    const positions = events.flat().map(({ position }) => Number(position));
    expect(positions.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('is refused in a place that cannot be a folder', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(openSqliteLog({ path: file })).rejects.toThrow(LogUnavailable);
  });

  it('is refused where nothing can be locked, with the name of the file', async () => {
    const path = temporaryFolder();
    mkdirSync(join(path, 'events.db.lock'));
    await expect(openSqliteLog({ path })).rejects.toThrow(LogUnavailable);
    await expect(openSqliteLog({ path })).rejects.toThrow(join(path, 'events.db'));
  });
});

describe('a second writer', () => {
  it('is refused in the same process until the first has closed', async () => {
    const path = temporaryFolder();
    const first = await openSqliteLog({ path });
    await expect(openSqliteLog({ path })).rejects.toThrow(LogInUse);
    await expect(openSqliteLog({ path })).rejects.toThrow(
      `Expected to be the only one that writes to ${join(path, 'events.db')}, but another process does: stop it, or use a folder of its own.`,
    );
    await fill(first, freshStream(), 1);
    await first.close();
    const second = await openSqliteLog({ path });
    expect(await second.end()).toBe(1n);
    await second.close();
  });

  it('is refused while another process writes, and let in when that was killed', async () => {
    const path = temporaryFolder();
    const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    await expect(openSqliteLog({ path })).rejects.toThrow(LogInUse);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const log = await openSqliteLog({ path });
    expect(await log.end()).toBeGreaterThan(START);
    await log.close();
  });
});

describe('a file that cannot be the log that was written', () => {
  const refusal = async (path: string): Promise<string> => {
    const error: unknown = await openSqliteLog({ path }).then(
      (log) => log.close(),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LogCorrupt);
    return (error as LogCorrupt).message;
  };

  it('is refused, left as it is, with what to do', async () => {
    const path = temporaryFolder();
    const file = join(path, 'events.db');
    const text = 'this is no database\n'.repeat(1_000);
    writeFileSync(file, text);
    expect(await refusal(path)).toBe(
      `Expected ${file} to be a whole log, but file is not a database. Nothing was changed: restore the folder from a backup, or move it away to start with an empty log.`,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('is refused when it is the database of another program', async () => {
    const path = temporaryFolder();
    alter(path, 'CREATE TABLE t (a)');
    const before = readFileSync(join(path, 'events.db'));
    expect(await refusal(path)).toContain('it is a database of another program');
    expect(readFileSync(join(path, 'events.db')).equals(before)).toBe(true);
  });

  it('is refused when a newer version wrote it', async () => {
    const path = await written(1);
    alter(path, 'PRAGMA user_version = 3');
    expect(await refusal(path)).toContain('start the newer Sagalog that wrote it');
  });

  it('is refused when its end was cut off', async () => {
    const path = await written();
    const file = join(path, 'events.db');
    const half = Math.floor(statSync(file).size / 2);
    truncateSync(file, half);
    expect(await refusal(path)).toMatch(/\d+ of its pages are missing/);
    expect(statSync(file).size).toBe(half);
  });

  it('is refused when only its journal is left', async () => {
    const path = temporaryFolder();
    const file = join(path, 'events.db');
    const log = await openSqliteLog({ path });
    await fill(log, freshStream(), 1);
    const journal = readFileSync(`${file}-wal`);
    await log.close();
    rmSync(file);
    writeFileSync(`${file}-wal`, journal);
    expect(await refusal(path)).toContain('only its journal is there');
    expect(readFileSync(`${file}-wal`).equals(journal)).toBe(true);
  });

  it('is refused when bytes in it were overwritten', async () => {
    const path = await written();
    const file = join(path, 'events.db');
    const bytes = readFileSync(file);
    bytes.fill(0xff, 16_384);
    writeFileSync(file, bytes);
    expect(await refusal(path)).toContain('malformed');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it.each([
    { what: 'a payload changed', sql: "UPDATE commits SET payloads = replace(payloads, 'xx', 'xy')" },
    {
      what: 'a fact changed',
      sql: `UPDATE commits SET facts = replace(facts, '"attempt":1', '"attempt":2')`,
    },
    { what: 'facts are no JSON', sql: 'UPDATE commits SET facts = substr(facts, 2)' },
    { what: 'metadata changed', sql: "UPDATE commits SET metadata = replace(metadata, 'jwt', 'none')" },
    { what: 'a commit is missing', sql: 'DELETE FROM commits WHERE position = 30' },
    { what: 'a commit stands elsewhere', sql: 'UPDATE commits SET revision = 90 WHERE position = 40' },
  ])('is refused when $what near its end', async ({ sql }) => {
    const path = await written();
    alter(path, sql);
    expect(await refusal(path)).toMatch(/^Expected .+ to be a whole log, but .+\. Nothing was changed/);
  });

  it('does not keep its lock', async () => {
    const path = temporaryFolder();
    const file = join(path, 'events.db');
    writeFileSync(file, 'this is no database\n'.repeat(1_000));
    await refusal(path);
    renameSync(file, join(path, 'away'));
    const log = await openSqliteLog({ path });
    expect(await log.end()).toBe(START);
    await log.close();
  });
});
