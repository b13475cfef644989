import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sizeOf } from '../../../src/adapters/sqlite/database.ts';
import {
  openSqliteReadModels,
  type SqliteReadModelsOptions,
} from '../../../src/adapters/sqlite/read-models.ts';
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
    const { size, write } = await opened('beside');
    const before = size();
    await vi.waitFor(async () => {
      await write(1);
      expect(size()).toBeGreaterThan(before);
    }, PATIENCE);
  });

  it('is begun anew once it is long', async () => {
    const { salt, write } = await opened('beside');
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
    const { path, readModels, write } = await opened('beside');
    for (let n = 0; n < 40; n += 1) await write(1);
    await readModels.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    const again = await openSqliteReadModels({ path });
    onTestFinished(() => again.close());
    expect((await again.find('things', { limit: 100 })).length).toBe(40);
  });
});
