import { END, streamNameFilter, type EventStoreDBClient } from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { collect, count, eventsOf, numbered, startBoth } from './support.ts';

const watchCheckpoints = (
  client: EventStoreDBClient,
  checkpointInterval: number,
  from: 'start' | 'end' = 'start',
) => {
  const checkpoints: bigint[] = [];
  const filter = streamNameFilter({
    prefixes: ['a-'],
    checkpointInterval,
    checkpointReached: (_, { commit }) => void checkpoints.push(commit),
  });
  return { checkpoints, watched: collect(client.subscribeToAll({ fromPosition: from, filter })) };
};

const positions = async (client: EventStoreDBClient): Promise<bigint[]> =>
  (await eventsOf(client.readAll())).map((event) => event.position?.commit ?? 0n);

it('sends a checkpoint after every 32 events that it looked at, but none for the end that it reaches', async () => {
  const { client } = await startBoth();
  await client.appendToStream('b-1', count(95));

  const { checkpoints, watched } = watchCheckpoints(client, 1);
  await watched.until(() => watched.caughtUp === 1);

  const all = await positions(client);
  expect(all).toHaveLength(96);
  expect(checkpoints).toEqual([all[31], all[63]]);
});

it('sends them further apart when the client asks for it', async () => {
  const { client } = await startBoth();
  await client.appendToStream('b-1', count(200));

  const { checkpoints, watched } = watchCheckpoints(client, 2);
  await watched.until(() => watched.caughtUp === 1);

  const all = await positions(client);
  expect(checkpoints).toEqual([all[63], all[127], all[191]]);
});

it('goes on sending checkpoints live, behind the event that they are for', async () => {
  const { client } = await startBoth();
  const { checkpoints, watched } = watchCheckpoints(client, 1, END);
  await watched.until(() => watched.caughtUp === 1);

  await client.appendToStream('b-1', count(31));
  await client.appendToStream('a-1', numbered(0));
  await client.appendToStream('b-1', count(31));
  await client.appendToStream('a-1', numbered(1));
  await client.appendToStream('a-1', numbered(2));

  await watched.until(() => watched.names.length === 3);
  const all = await positions(client);
  expect(checkpoints).toEqual([all[32], all[64]]);
});
