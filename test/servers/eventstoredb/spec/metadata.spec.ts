import { expect, it } from 'vitest';
import { count, eventsOf, numbered, startBoth } from './support.ts';

it('shows only the last events of a stream with a maximum, and all of them in the whole log', async () => {
  const { client } = await startBoth();
  await client.appendToStream('a-1', count(5));
  await client.setStreamMetadata('a-1', { maxCount: 2 });

  const read = await eventsOf(client.readStream('a-1'));

  expect(read.map((event) => event.revision)).toEqual([3n, 4n]);
  const all = await eventsOf(client.readAll());
  expect(all.filter((event) => event.streamId === 'a-1')).toHaveLength(5);
});

it('hides the events before a revision', async () => {
  const { client } = await startBoth();
  await client.appendToStream('a-1', count(4));
  await client.setStreamMetadata('a-1', { truncateBefore: 3 });

  const read = await eventsOf(client.readStream('a-1'));

  expect(read.map((event) => event.revision)).toEqual([3n]);
  expect(await client.appendToStream('a-1', numbered(4), { expectedRevision: 3n })).toMatchObject({
    nextExpectedRevision: 4n,
  });
});

it('hides events past their age', async () => {
  const { client } = await startBoth();
  await client.appendToStream('a-1', count(2));
  await client.setStreamMetadata('a-1', { maxAge: 3_600 });

  expect(await eventsOf(client.readStream('a-1'))).toHaveLength(2);
});

it('gives metadata back', async () => {
  const { client } = await startBoth();
  await client.setStreamMetadata('a-1', { maxCount: 2, owner: 'ada' });

  expect(await client.getStreamMetadata('a-1')).toMatchObject({ metadata: { maxCount: 2, owner: 'ada' } });
});
