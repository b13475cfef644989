import { expect, it } from 'vitest';
import { START } from '../../../src/ports/event-log.ts';
import { startRelay } from './relay.ts';
import { appendMany, follow, openLog, startServer } from './support.ts';

it('ends the server call of a subscription that is left by break, by signal and by return', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url);
  await appendMany(log, 3);
  const { signal } = new AbortController();

  for await (const batch of log.subscribe({ after: START, signal })) if (batch.caughtUp) break;

  const returned = log.subscribe({ after: START, signal })[Symbol.asyncIterator]();
  await returned.next();
  const waiting = returned.next();
  await server.until(() => server.stats.subscriptions === 1);
  await returned.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await returned.return?.()).toEqual({ done: true, value: undefined });

  const aborted = follow(log);
  await aborted.until((_, { caughtUp }) => caughtUp);
  await server.until(() => server.stats.subscriptions === 1);
  aborted.stop();

  await server.until(() => server.stats.subscriptions === 0);
});

it('ends the server call of a read that is given up', async () => {
  const server = await startServer();
  const relay = await startRelay(server.port);
  const { log } = await openLog(`esdb://127.0.0.1:${relay.port}?tls=false`, {
    readTimeout: 100,
    retry: { patience: 300 },
  });
  await appendMany(log, 1);
  relay.stall('swallow');

  await expect(log.read('execution-many-0')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });

  await server.until(() => server.stats.reads === 0 && server.stats.batchStreams === 0);
  relay.heal();
  expect(await log.read('execution-many-0')).toHaveLength(1);
});
