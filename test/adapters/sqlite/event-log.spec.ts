import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from '../../../src/adapters/sqlite/event-log.ts';
import { eventLogConformance } from '../../conformance/event-log.conformance.ts';

eventLogConformance('SQLite', async () => {
  const path = mkdtempSync(join(tmpdir(), 'event-log-'));
  const log = await openSqliteLog({ path });
  let current = log;
  return {
    log,
    reopen: async () => {
      await current.close();
      current = await openSqliteLog({ path });
      return current;
    },
    close: async () => {
      await current.close();
      rmSync(path, { recursive: true });
    },
  };
});
