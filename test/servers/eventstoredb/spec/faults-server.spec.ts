import { expect, it } from 'vitest';
import { collect, connect, eventsOf, numbered, startBoth, startServer, watch } from './support.ts';

it('refuses every call while it is unavailable, and ends what is open', async () => {
  const { client, server } = await startBoth();
  await client.appendToStream('a-1', numbered(0));
  const watched = collect(client.subscribeToAll());
  await watched.until(() => watched.caughtUp === 1);

  server.faults.unavailable(true);
  expect(await watched.ended).toMatchObject({ type: 'unavailable' });
  await server.until(() => server.stats.subscriptions + server.stats.batchStreams === 0);
  // The first call asks for the server's features, and then the error comes as gRPC made it.
  await expect(client.appendToStream('a-1', numbered(1))).rejects.toMatchObject({ code: 14 });
  await expect(eventsOf(client.readStream('a-1'))).rejects.toMatchObject({ type: 'unavailable' });
  await expect(eventsOf(client.readAll())).rejects.toMatchObject({ type: 'unavailable' });
  await expect(client.deleteStream('a-1')).rejects.toMatchObject({ type: 'unavailable' });
  await expect(client.tombstoneStream('a-1')).rejects.toMatchObject({ type: 'unavailable' });
  expect(await collect(client.subscribeToAll()).ended).toMatchObject({ type: 'unavailable' });
  server.faults.unavailable(false);

  expect(await client.appendToStream('a-1', numbered(1))).toMatchObject({ nextExpectedRevision: 1n });
  expect(server.faults.fired.unavailable).toBe(6);
});

it('never answers the first call of a client when the features hang', async () => {
  const server = await startServer();
  server.faults.hangServerFeatures();
  const hung = connect(server.url);

  const hanging = watch(hung.appendToStream('a-1', numbered(0)));
  await server.until(() => server.faults.fired.hangServerFeatures === 1);
  const other = connect(server.url);
  await other.appendToStream('b-1', numbered(0));

  expect(hanging.settled).toBe(false);
  expect(server.stats.appendsSeen).toBe(1);
  await server.stop('graceful');
});

it('is found through gossip', async () => {
  const server = await startServer();
  const client = connect(`esdb://127.0.0.1:${server.port},127.0.0.1:${server.port}?tls=false`);

  expect(await client.appendToStream('a-1', numbered(0))).toMatchObject({ nextExpectedRevision: 0n });
});
