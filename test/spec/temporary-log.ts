import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import type { EventLog } from '../../src/ports/event-log.ts';

/** An embedded log in a folder of its own; both go when the test is finished. `maxCommit` as the log has it. */
export const temporaryLog = async (options: { readonly maxCommit?: number } = {}): Promise<EventLog> => {
  const path = await mkdtemp(join(tmpdir(), 'sagalog-engine-'));
  const log = await openSqliteLog({ path, ...options });
  onTestFinished(async () => {
    await log.close();
    await rm(path, { recursive: true, force: true });
  });
  return log;
};
