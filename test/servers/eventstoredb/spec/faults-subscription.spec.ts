import { streamNameFilter, type EventStoreDBClient } from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { collect, count, numbered, startBoth } from './support.ts';

const subscribe = (client: EventStoreDBClient) =>
  collect(client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['a-'] }) }));

it('ends a subscription as too slow after so many events', async () => {
  const { client, server } = await startBoth();
  await client.appendToStream('a-1', count(10));
  server.faults.dropSlowConsumer(4);

  const dropped = subscribe(client);
  const error = await dropped.ended;
  const next = subscribe(client);
  await next.until(() => next.caughtUp === 1);

  expect(error).toMatchObject({ type: 'timeout', code: 10 });
  expect(error.message).toContain(
    'Consumer too slow to handle event while live. Client resubscription required.',
  );
  expect(dropped.names).toEqual(['a-1@0', 'a-1@1', 'a-1@2', 'a-1@3']);
  expect(next.names).toHaveLength(10);
  expect(server.faults.fired).toEqual({ dropSlowConsumer: 1 });
});

it('ends a live subscription as too slow, counting from when that was armed', async () => {
  const { client, server } = await startBoth();
  await client.appendToStream('a-1', count(3));
  const watched = subscribe(client);
  await watched.until(() => watched.caughtUp === 1);

  server.faults.dropSlowConsumer(3);
  await client.appendToStream('a-1', count(2));
  await watched.until(() => watched.names.length === 5);
  server.faults.dropSlowConsumer(3);
  await client.appendToStream('a-1', count(5));

  await watched.ended;
  expect(watched.names).toHaveLength(8);
});

it('fails live subscriptions at once, and those that become live', async () => {
  const { client, server } = await startBoth();
  await client.appendToStream('a-1', numbered(0));
  const live = subscribe(client);
  await live.until(() => live.caughtUp === 1);

  server.faults.failSubscription(2);
  expect(await live.ended).toMatchObject({ type: 'unavailable', code: 14 });
  const second = subscribe(client);
  expect(await second.ended).toMatchObject({ type: 'unavailable' });
  expect(second).toMatchObject({ names: ['a-1@0'], caughtUp: 1 });
  const third = subscribe(client);
  await third.until(() => third.caughtUp === 1);
  await client.appendToStream('a-1', numbered(1));
  await third.until(() => third.names.length === 2);

  expect(server.faults.fired).toEqual({ failSubscription: 2 });
});

it('keeps subscriptions silent without an error, and goes on where they were', async () => {
  const { client, server } = await startBoth();
  await client.appendToStream('a-1', numbered(0));
  const watched = subscribe(client);
  await watched.until(() => watched.caughtUp === 1);

  server.faults.silence(true);
  await client.appendToStream('a-1', count(3));
  await server.until(() => server.faults.fired.silence === 1);
  const late = subscribe(client);
  await server.until(() => server.faults.fired.silence === 2);
  await client.appendToStream('b-1', numbered(0));
  expect(watched).toMatchObject({ names: ['a-1@0'], errors: [] });
  expect(late).toMatchObject({ names: [], caughtUp: 0, errors: [] });
  server.faults.silence(false);

  await watched.until(() => watched.names.length === 4);
  await late.until(() => late.caughtUp === 1);
  expect(watched.names).toEqual(['a-1@0', 'a-1@1', 'a-1@2', 'a-1@3']);
  expect(late.names).toEqual(watched.names);
});

it('lets a silent subscription go', async () => {
  const { client, server } = await startBoth();
  server.faults.silence(true);
  const subscription = client.subscribeToAll();
  collect(subscription);
  await server.until(() => server.stats.subscriptions === 1);

  await subscription.unsubscribe();

  await server.until(() => server.stats.subscriptions === 0);
  expect(server.stats.cancelled).toBe(1);
});
