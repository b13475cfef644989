import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startRelay } from './relay.ts';
import { commitTo, openLog, revisionsOf, startServer } from './support.ts';

it('reaches a server through a Unix socket', async () => {
  const server = await startServer();
  const folder = await mkdtemp(join(tmpdir(), 'eventstore-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'socket');
  await startRelay(server.port, { path });

  const { log } = await openLog(`unix:${path}`);
  await log.append(commitTo('execution-1', 2));

  expect(await revisionsOf(log, 'execution-1')).toEqual([0, 1]);
});
