import {
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { collect, count, eventsOf, numbered, startBoth } from './support.ts';

it.each([NO_STREAM, 1n] as const)(
  'hides a deleted stream until somebody appends to it, expecting %s',
  async (expected) => {
    const { client } = await startBoth();
    await client.appendToStream('a-1', count(2));

    await client.deleteStream('a-1', { expectedRevision: 1n });
    await expect(eventsOf(client.readStream('a-1'))).rejects.toBeInstanceOf(StreamNotFoundError);
    await expect(
      client.appendToStream('a-1', numbered(2), { expectedRevision: STREAM_EXISTS }),
    ).rejects.toBeInstanceOf(StreamDeletedError);
    const revived = await client.appendToStream('a-1', numbered(2), { expectedRevision: expected });

    expect(revived.nextExpectedRevision).toBe(2n);
    const read = await eventsOf(client.readStream('a-1'));
    expect(read.map((event) => event.revision)).toEqual([2n]);
  },
);

it('closes a tombstoned stream for ever', async () => {
  const { client } = await startBoth();
  await client.appendToStream('a-1', count(2));

  await client.tombstoneStream('a-1', { expectedRevision: 1n });

  await expect(client.appendToStream('a-1', numbered(2))).rejects.toBeInstanceOf(StreamDeletedError);
  await expect(eventsOf(client.readStream('a-1'))).rejects.toBeInstanceOf(StreamDeletedError);
  await expect(client.deleteStream('a-1')).rejects.toBeInstanceOf(StreamDeletedError);
  expect(await collect(client.subscribeToStream('a-1')).ended).toBeInstanceOf(StreamDeletedError);
});

it('ends a subscription to a stream that is tombstoned', async () => {
  const { client } = await startBoth();
  await client.appendToStream('a-1', count(2));
  const watched = collect(client.subscribeToStream('a-1'));
  await watched.until(() => watched.caughtUp === 1);

  await client.tombstoneStream('a-1');

  expect(await watched.ended).toBeInstanceOf(StreamDeletedError);
  expect(watched.names).toEqual(['a-1@0', 'a-1@1']);
});

it('refuses to delete a stream that does not end as expected', async () => {
  const { client } = await startBoth();
  await client.appendToStream('a-1', count(2));

  const refused = client.deleteStream('a-1', { expectedRevision: 5n });

  await expect(refused).rejects.toBeInstanceOf(WrongExpectedVersionError);
  await expect(refused).rejects.toMatchObject({ streamName: 'a-1', expectedVersion: 5n, actualVersion: 1n });
});
