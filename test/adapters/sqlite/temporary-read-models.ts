import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import type { ReadModels } from '../../../src/ports/read-models.ts';

/** Embedded read models in a folder of their own, which goes when they are closed. */
export const temporaryReadModels = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'read-models-'));
  const path = join(folder, 'views.db');
  let readModels = await openSqliteReadModels({ path });
  return {
    path,
    readModels,
    async reopen(): Promise<ReadModels> {
      await readModels.close();
      readModels = await openSqliteReadModels({ path });
      return readModels;
    },
    async close(): Promise<void> {
      await readModels.close();
      await rm(folder, { recursive: true });
    },
  };
};
