import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openEventStoreLog } from '../../../src/adapters/eventstoredb/open-event-store-log.ts';
import { commitTo, follow, openLog, revisionsOf, startServer } from './support.ts';

const CERTIFICATE = new URL('./tls/test-only.cert.pem', import.meta.url).pathname;
const KEY = new URL('./tls/test-only.key.pem', import.meta.url).pathname;
const tls = { cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) };
const trusting = `?tlsCAFile=${encodeURIComponent(CERTIFICATE)}`;

it.each(['tlsVerifyCert=false', 'tls=true&tls_verify_cert=false'])(
  'refuses %s, which the client takes and does not heed, and says what to set',
  async (setting) => {
    await expect(openEventStoreLog({ url: `esdb://localhost:2113?${setting}` })).rejects.toThrow(
      /Expected tlsCAFile=<path>/,
    );
  },
);

it('refuses a CA file that is not there', async () => {
  await expect(openEventStoreLog({ url: 'esdb://localhost:2113?tlsCAFile=/nowhere.pem' })).rejects.toThrow(
    'Expected a URL such as esdb://',
  );
});

it('reaches a server whose certificate is its own through tlsCAFile, with the credentials of the URL', async () => {
  const server = await startServer({ tls });
  const { log } = await openLog(server.url + trusting);
  await log.append(commitTo('execution-1', 2));
  expect(await revisionsOf(log, 'execution-1')).toEqual([0, 1]);

  const { log: untrusting } = await openLog(server.url, { retry: { tries: 1 } });
  await expect(untrusting.ping()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
});

it('says that a user may not read the whole log, and does not fail its subscriptions', async () => {
  const server = await startServer({ tls });
  const { log } = await openLog(server.url.replace('admin:', 'ops:') + trusting);

  await expect(log.ping()).rejects.toThrow('Expected EventStoreDB to let us in, but it denied access.');
  const subscription = follow(log);
  await log.append(commitTo('execution-1'));
  expect(subscription.batches).toEqual([]);
});
