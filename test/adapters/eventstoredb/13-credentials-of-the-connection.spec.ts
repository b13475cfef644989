import { expect, it } from 'vitest';
import { openEventStoreLog } from '../../../src/adapters/eventstoredb/open-event-store-log.ts';
import { appendMany, openLog, startServer } from './support.ts';

it('appends over one batch stream, with credentials in the URL too', async () => {
  const server = await startServer();
  const { log } = await openLog(server.url.replace('esdb://', 'esdb://admin:changeit@'));

  await appendMany(log, 30);

  expect(server.stats).toMatchObject({ batchStreams: 1, appendsSeen: 30, appendsWritten: 30 });
});

it.each([
  ['esdb://:hush@localhost', 'port number at its character 9'],
  ['esdb://admin:hush@localhost:2113?tls', 'key=value at its character'],
])('that cannot be read are not shown: %s', async (url, why) => {
  const failure: unknown = await openEventStoreLog({ url }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RangeError);
  expect((failure as Error).message).toContain(why);
  expect(`${(failure as Error).message} ${JSON.stringify(failure)}`).not.toContain('hush');
  expect((failure as Error).cause).toBeUndefined();
});
