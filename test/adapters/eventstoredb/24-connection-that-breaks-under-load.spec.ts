import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startRelay } from './relay.ts';
import { commitTo, openLog, revisionsOf, startServer } from './support.ts';

it('loses no append and leaves no rejection unhandled when many were waiting to be written', async () => {
  const server = await startServer();
  const relay = await startRelay(server.port);
  const { log } = await openLog(`esdb://127.0.0.1:${relay.port}?tls=false`);
  await log.append(commitTo('execution-first'));
  relay.stall();

  const commits = Array.from({ length: 64 }, (_, index) => commitTo(`execution-${index}`, 100));
  const appended = commits.map((commit) => log.append(commit));
  // The connection takes what fits; the client goes on writing until nothing more does.
  for (let turn = 0; turn < 500; turn++) await setImmediate();
  relay.heal();
  relay.cut();

  await Promise.all(appended);
  const { log: direct } = await openLog(server.url);
  for (const { stream } of commits) expect(await revisionsOf(direct, stream)).toHaveLength(100);
});
