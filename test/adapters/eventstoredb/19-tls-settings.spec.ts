import { expect, it } from 'vitest';
import { openEventStoreLog } from '../../../src/adapters/eventstoredb/open-event-store-log.ts';
import { CERTIFICATE, startRelay } from './relay.ts';
import { commitTo, openLog, revisionsOf, startServer } from './support.ts';

it.each(['tlsVerifyCert=false', 'tls=true&tls_verify_cert=false'])(
  'refuses %s, which the client takes and does not heed, and says what to set',
  async (setting) => {
    await expect(openEventStoreLog({ url: `esdb://localhost:2113?${setting}` })).rejects.toThrow(
      /Expected tlsCAFile=<path>/,
    );
  },
);

it('reaches a server whose certificate is its own through tlsCAFile, with credentials', async () => {
  const server = await startServer();
  const relay = await startRelay(server.port, { tls: true });
  const place = `esdb://admin:changeit@127.0.0.1:${relay.port}`;

  const { log } = await openLog(`${place}?tlsCAFile=${encodeURIComponent(CERTIFICATE)}`);
  await log.append(commitTo('execution-1', 2));
  expect(await revisionsOf(log, 'execution-1')).toEqual([0, 1]);

  const { log: untrusting } = await openLog(place, { retry: { tries: 1 } });
  await expect(untrusting.ping()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
});

it('refuses a CA file that is not there', async () => {
  await expect(openEventStoreLog({ url: 'esdb://localhost:2113?tlsCAFile=/nowhere.pem' })).rejects.toThrow(
    'Failed to load certificate file',
  );
});
