import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sizeOf } from '../../../src/adapters/sqlite/database.ts';
import {
  openSqliteReadModels,
  type SqliteReadModelsOptions,
} from '../../../src/adapters/sqlite/read-models.ts';
import { lookingAfter } from './looking-after.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PATIENCE = { timeout: 30_000, interval: 5 };
const SALT = 16;
const PAGE = 16_384;

const opened = async (copies: NonNullable<SqliteReadModelsOptions['copies']>) => {
  const path = join(temporaryFolder(), 'views.db');
  const readModels = await openSqliteReadModels({ path, copies });
  onTestFinished(() => readModels.close());
  await readModels.prepare('things', []);
  const doc = { text: 'x'.repeat(PAGE) };
  let written = 0;
  return {
    path,
    readModels,
    size: () => sizeOf(path),
    /** What tells a journal from the one before it. */
    salt: () => readFileSync(`${path}-wal`).toString('hex', SALT, SALT + 8),
    write: async (documents: number) => {
      const writes = Array.from({ length: documents }, (_, n) => ({
        key: String(written + n).padStart(8, '0'),
        doc,
        position: 1n,
        expected: undefined,
      }));
      written += documents;
      expect(await readModels.write('things', writes)).toEqual([]);
    },
  };
};

describe('the journal of embedded read models', () => {
  it('is copied into the file by a thread beside whoever commits', async () => {
    const { size, write } = await opened(lookingAfter());
    const before = size();
    await vi.waitFor(async () => {
      await write(1);
      expect(size()).toBeGreaterThan(before);
    }, PATIENCE);
  });

  it('is begun anew once it is long', async () => {
    const { salt, write } = await opened(lookingAfter());
    await write(1);
    const before = salt();
    for (let n = 0; n < 16; n += 1) await write(200);
    await vi.waitFor(async () => {
      await write(1);
      expect(salt()).not.toBe(before);
    }, PATIENCE);
  });

  it('is copied by whoever commits where nothing else is said, and never where others see to it', async () => {
    const [here, elsewhere] = await Promise.all([opened('here'), opened('elsewhere')]);
    const before = [here.size(), elsewhere.size()];
    for (let n = 0; n < 12; n += 1) await Promise.all([here.write(100), elsewhere.write(100)]);
    expect(here.size()).toBeGreaterThan(before[0] ?? 0);
    expect(elsewhere.size()).toBe(before[1]);
  });

  it('is gone, and all of it in the file, once everybody has closed', async () => {
    const { path, readModels, write } = await opened(lookingAfter());
    for (let n = 0; n < 40; n += 1) await write(1);
    await readModels.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    const again = await openSqliteReadModels({ path });
    onTestFinished(() => again.close());
    expect((await again.find('things', { limit: 100 })).length).toBe(40);
  });

  it('is copied by another thread once one has ended, of which somebody is told', async () => {
    const world = lookingAfter();
    const { size, write } = await opened(world);
    const workers: Worker[] = [];
    const created = (worker: Worker): void => void workers.push(worker);
    process.on('worker', created);
    onTestFinished(() => void process.off('worker', created));
    const before = size();
    await vi.waitFor(async () => {
      await write(1);
      expect(size()).toBeGreaterThan(before);
    }, PATIENCE);
    await workers[0]?.terminate();
    expect(world).toMatchObject({ failures: [undefined], rests: [100] });
    const then = size();
    for (let n = 0; n < 40; n += 1) await write(1);
    expect([size(), workers.length]).toEqual([then, 1]);
    const worked = world.worked();
    world.over();
    // Nothing more has to be written for that.
    await vi.waitFor(() => {
      expect(size()).toBeGreaterThan(then);
      expect(world.worked()).toBeGreaterThan(worked);
    }, PATIENCE);
    expect([world.failures.length, workers.length]).toEqual([1, 2]);
  });

  it('is tried later each time by threads that cannot copy it', async () => {
    const world = lookingAfter();
    const { path, size, write } = await opened(world);
    const aside = `${path}-aside`;
    const endNext = async (): Promise<void> => {
      const ends = world.failures.length;
      world.over();
      await vi.waitFor(async () => {
        await write(1);
        expect(world.failures.length).toBeGreaterThan(ends);
      }, PATIENCE);
    };
    const takeAway = (): void => {
      renameSync(path, aside);
      mkdirSync(path);
    };
    const putBack = (): void => {
      rmdirSync(path);
      renameSync(aside, path);
    };
    takeAway();
    for (let n = 0; n < 7; n += 1) await endNext();
    expect(world.rests).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000]);
    expect(world.failures[0]).toMatchObject({ message: 'unable to open database file' });
    putBack();
    const before = size();
    world.over();
    await vi.waitFor(async () => {
      await write(1);
      expect(size()).toBeGreaterThan(before);
    }, PATIENCE);
    expect(world.failures).toHaveLength(7);
  });
});
