import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import { ReadModelsUnavailable, type ReadModels } from '../../../src/ports/read-models.ts';
import { newDocuments } from '../../conformance/read-models-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const opened = async (path: string): Promise<ReadModels> => {
  const readModels = await openSqliteReadModels({ path, busyTimeout: 20 });
  onTestFinished(() => readModels.close());
  return readModels;
};

describe('while another program holds the lock of the file', () => {
  it('writes are unavailable and reads go on, and the same writes succeed when it is gone', async () => {
    const path = join(temporaryFolder(), 'views.db');
    const readModels = await opened(path);
    await readModels.prepare('things', [{ fields: ['n'] }]);
    await readModels.write('things', newDocuments({ a: { n: 1 } }));
    const record = { name: 'things', version: 1, generation: 1, position: 1n };
    await readModels.saveProjection(record);
    const next = { key: 'a', doc: { n: 2 }, position: 2n, expected: 1n };
    const changes = [
      () => readModels.write('things', [next]),
      () => readModels.prepare('others', []),
      () => readModels.saveProjection({ ...record, position: 2n }),
      () => readModels.drop('things'),
    ];

    const intruder = new DatabaseSync(path);
    intruder.exec('BEGIN IMMEDIATE');
    for (const change of changes) {
      await expect(change()).rejects.toThrow(ReadModelsUnavailable);
      await expect(change()).rejects.toThrow(
        `Expected the read models ${path} to answer, but: database is locked.`,
      );
    }
    await expect(readModels.ping()).resolves.toBeUndefined();
    expect(await readModels.find('things', { limit: 9 })).toEqual([
      { key: 'a', position: 1n, doc: { n: 1 } },
    ]);
    expect(await readModels.projections()).toEqual([record]);

    intruder.exec('ROLLBACK');
    intruder.close();
    expect(await readModels.write('things', [next])).toEqual([]);
    expect(await readModels.find('things', { limit: 9 })).toEqual([
      { key: 'a', position: 2n, doc: { n: 2 } },
    ]);
    for (const change of changes.slice(1)) await change();
    expect(await readModels.find('things', { limit: 9 })).toEqual([]);
  });

  it('a file that is new to it is unavailable, and opens when it is gone', async () => {
    const path = join(temporaryFolder(), 'views.db');
    const intruder = new DatabaseSync(path);
    intruder.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
    await expect(openSqliteReadModels({ path, busyTimeout: 20 })).rejects.toThrow(ReadModelsUnavailable);
    intruder.exec('ROLLBACK');
    intruder.close();
    expect(await (await opened(path)).projections()).toEqual([]);
  });
});

describe('on a disk without room', () => {
  it('writes fail whole while reads go on, and succeed when there is room again', async () => {
    const path = join(temporaryFolder(), 'views.db');
    const script = new URL('./read-models-full.child.ts', import.meta.url).pathname;
    // The shell's limit is soft, so that it can be lifted from outside.
    const child = spawn('sh', ['-c', 'ulimit -S -f 2000 && exec "$0" "$@"', process.execPath, script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line.startsWith('full')) {
        execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited']);
      }
    }
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(said).toEqual(['full READ_MODELS_UNAVAILABLE whole', 'again 20']);
    const found = await (
      await opened(path)
    ).find('large', {
      limit: 1_000_000,
      orderBy: [{ field: 'n', direction: 'asc' }],
    });
    expect(found.map(({ doc }) => doc['n'])).toEqual(found.map((_, n) => n));
    expect(found.length % 20).toBe(0);
  }, 60_000);
});

describe('a place that cannot hold the file', () => {
  it('is unavailable when its folder cannot be made', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'views.db');
    await expect(openSqliteReadModels({ path })).rejects.toThrow(ReadModelsUnavailable);
    await expect(openSqliteReadModels({ path })).rejects.toThrow(`Expected a folder for ${path}, but: `);
  });

  it('is unavailable when the file is a folder', async () => {
    const path = join(temporaryFolder(), 'views.db');
    mkdirSync(path);
    await expect(openSqliteReadModels({ path })).rejects.toThrow(ReadModelsUnavailable);
  });
});
