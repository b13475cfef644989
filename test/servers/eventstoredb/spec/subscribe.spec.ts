import { END, START, streamNameFilter, eventTypeFilter, jsonEvent } from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { collect, count, eventsOf, numbered, startBoth } from './support.ts';

it('delivers a stream from its start, says that it has caught up, and goes on live', async () => {
  const { client } = await startBoth();
  await client.appendToStream('a-1', count(3));

  const watched = collect(client.subscribeToStream('a-1', { fromRevision: START }));
  await watched.until(() => watched.caughtUp === 1);
  expect(watched.names).toEqual(['a-1@0', 'a-1@1', 'a-1@2']);
  await client.appendToStream('b-1', numbered(0));
  await client.appendToStream('a-1', numbered(3));

  await watched.until(() => watched.names.length === 4);
  expect(watched).toMatchObject({ names: ['a-1@0', 'a-1@1', 'a-1@2', 'a-1@3'], caughtUp: 1, errors: [] });
});

it('starts strictly behind a revision, and at the end with what comes then', async () => {
  const { client } = await startBoth();
  await client.appendToStream('a-1', count(3));

  const behind = collect(client.subscribeToStream('a-1', { fromRevision: 1n }));
  const end = collect(client.subscribeToStream('a-1', { fromRevision: END }));
  await end.until(() => end.caughtUp === 1);
  await client.appendToStream('a-1', numbered(3));

  await behind.until(() => behind.names.length === 2);
  await end.until(() => end.names.length === 1);
  expect(behind.names).toEqual(['a-1@2', 'a-1@3']);
  expect(end.names).toEqual(['a-1@3']);
});

it('confirms a subscription to a missing stream, and catches up with its first event only', async () => {
  const { client } = await startBoth();
  const subscription = client.subscribeToStream('missing');
  const confirmed = new Promise((resolve) => subscription.once('confirmation', () => resolve(true)));
  const watched = collect(subscription);
  const other = collect(client.subscribeToAll());

  expect(await confirmed).toBe(true);
  await client.appendToStream('another', numbered(0));
  await other.until(() => other.names.includes('another@0'));
  expect(watched).toMatchObject({ names: [], caughtUp: 0 });
  await client.appendToStream('missing', numbered(0));

  await watched.until(() => watched.caughtUp === 1);
  expect(watched.names).toEqual(['missing@0']);
});

it('delivers streams with a prefix out of everything, in the order of the log', async () => {
  const { client } = await startBoth();
  const append = async (...streams: string[]) => {
    for (const stream of streams) await client.appendToStream(stream, numbered(0));
  };
  await append('a-1', 'b-1', 'c-1');
  const filter = streamNameFilter({ prefixes: ['a-', 'c-'] });

  const start = collect(client.subscribeToAll({ fromPosition: START, filter }));
  const end = collect(client.subscribeToAll({ fromPosition: END, filter }));
  await start.until(() => start.caughtUp === 1);
  await end.until(() => end.caughtUp === 1);
  await append('b-2', 'c-2', 'a-2');

  await start.until(() => start.names.length === 4);
  await end.until(() => end.names.length === 2);
  expect(start.names).toEqual(['a-1@0', 'c-1@0', 'c-2@0', 'a-2@0']);
  expect(end.names).toEqual(['c-2@0', 'a-2@0']);
});

it('starts strictly behind a position, also one where no event stands', async () => {
  const { client } = await startBoth();
  const { position } = await client.appendToStream('a-1', numbered(0));
  if (!position) throw new Error('Expected the append to answer a position, but it did not.');
  await client.appendToStream('a-2', numbered(0));

  const behind = collect(client.subscribeToAll({ fromPosition: position }));
  const before = { commit: position.commit - 1n, prepare: position.prepare - 1n };
  const between = collect(client.subscribeToAll({ fromPosition: before }));
  await behind.until(() => behind.caughtUp === 1);
  await between.until(() => between.caughtUp === 1);

  expect(behind.names).toEqual(['a-2@0']);
  expect(between.names).toEqual(['a-1@0', 'a-2@0']);
});

it('delivers events by type and by pattern', async () => {
  const { client } = await startBoth();
  for (const type of ['step.started', 'step.failed', 'execution.started']) {
    await client.appendToStream('a-1', jsonEvent({ type, data: {} }));
  }

  const prefix = collect(client.subscribeToAll({ filter: eventTypeFilter({ prefixes: ['step.'] }) }));
  const regex = collect(client.subscribeToAll({ filter: eventTypeFilter({ regex: 'started$' }) }));
  await prefix.until(() => prefix.caughtUp === 1);
  await regex.until(() => regex.caughtUp === 1);

  expect(prefix.names).toEqual(['a-1@0', 'a-1@1']);
  expect(regex.names).toEqual(['a-1@0', 'a-1@2']);
});

it('never shows its own notes to a filter', async () => {
  const { client } = await startBoth();
  const watched = collect(client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['$'] }) }));

  await watched.until(() => watched.caughtUp === 1);

  expect(watched.names).toEqual([]);
});

it('loses nothing and repeats nothing while events are appended all the time', async () => {
  const { client } = await startBoth();
  const subscriptions = [];
  for (let round = 0; round < 20; round++) {
    await Promise.all(count(20).map((event, index) => client.appendToStream(`a-${index}`, event)));
    subscriptions.push(collect(client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['a-'] }) })));
  }
  const expected = (await eventsOf(client.readAll()))
    .map((event) => `${event.streamId}@${event.revision}`)
    .filter((name) => name.startsWith('a-'));

  for (const watched of subscriptions) {
    await watched.until(() => watched.names.length >= 400);
    expect(watched.names).toEqual(expected);
  }
});

it('counts subscriptions that are open and that were left', async () => {
  const { client, server } = await startBoth();
  const one = client.subscribeToAll();
  collect(one);
  collect(client.subscribeToStream('a-1'));
  await server.until(() => server.stats.subscriptions === 2);

  await one.unsubscribe();

  await server.until(() => server.stats.subscriptions === 1);
  expect(server.stats.cancelled).toBe(1);
});
