import {
  ANY,
  binaryEvent,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { connect, count, eventsOf, numbered, startBoth, type Numbered } from './support.ts';

it('appends where the stream ends as expected, and answers the revision and the position', async () => {
  const { client } = await startBoth();

  const first = await client.appendToStream('a-1', numbered(0), { expectedRevision: NO_STREAM });
  const more = await client.appendToStream('a-1', count(3), { expectedRevision: 0n });

  expect(first).toMatchObject({ success: true, nextExpectedRevision: 0n });
  expect(more).toMatchObject({ success: true, nextExpectedRevision: 3n });
  expect(more.position?.commit).toBeGreaterThan(first.position?.commit ?? 0n);
  expect(more.position?.commit).toBe(more.position?.prepare);
  const read = await eventsOf(client.readStream('a-1'));
  expect(read.at(-1)?.position).toEqual(more.position);
});

it.each([
  { expected: 5n, actual: 1n },
  { expected: 0n, actual: 1n },
  { expected: NO_STREAM, actual: 1n },
] as const)(
  'refuses an append that expects $expected when the stream ends at 1',
  async ({ expected, actual }) => {
    const { client, server } = await startBoth();
    await client.appendToStream('a-1', count(2));

    const refused = client.appendToStream('a-1', numbered(9), { expectedRevision: expected });

    await expect(refused).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(refused).rejects.toMatchObject({
      streamName: 'a-1',
      expectedVersion: expected,
      actualVersion: actual,
    });
    expect(server.stats).toMatchObject({ appendsSeen: 2, appendsWritten: 1 });
  },
);

it.each([0n, STREAM_EXISTS] as const)(
  'refuses an append that expects %s of a missing stream',
  async (expected) => {
    const { client } = await startBoth();

    await expect(
      client.appendToStream('missing', numbered(0), { expectedRevision: expected }),
    ).rejects.toMatchObject({ expectedVersion: expected, actualVersion: 'no_stream' });
  },
);

it('answers a repeated append as the first time, also when the stream has gone on', async () => {
  const { client, server } = await startBoth();
  const [first, second] = [count(2), count(3)];
  const original = [
    await client.appendToStream('a-1', first, { expectedRevision: NO_STREAM }),
    await client.appendToStream('a-1', second, { expectedRevision: 1n }),
  ];

  const repeated = [
    await client.appendToStream('a-1', first, { expectedRevision: NO_STREAM }),
    await client.appendToStream('a-1', second, { expectedRevision: 1n }),
  ];
  const whatever = await client.appendToStream('a-1', second, { expectedRevision: ANY });

  expect(repeated).toEqual(original);
  expect(whatever).toEqual(original[1]);
  expect(server.stats).toMatchObject({ appendsSeen: 5, appendsWritten: 2 });
});

it('refuses a repeat that is not quite one', async () => {
  const { client } = await startBoth();
  const events = [numbered(0), numbered(1), numbered(2)] as const;
  await client.appendToStream('a-1', [...events], { expectedRevision: NO_STREAM });
  const [first, second, third] = events;

  const wrong = [
    { events: [first, third], expectedRevision: NO_STREAM },
    { events: [second], expectedRevision: NO_STREAM },
    { events: [...events, numbered(3)], expectedRevision: NO_STREAM },
    { events: [first], expectedRevision: 0n },
  ] as const;
  for (const { events, expectedRevision } of wrong) {
    await expect(client.appendToStream('a-1', [...events], { expectedRevision })).rejects.toMatchObject({
      type: 'wrong-expected-version',
    });
  }
});

it('writes a known event again when it goes to another stream', async () => {
  const { client } = await startBoth();
  const event = numbered(0);
  await client.appendToStream('a-1', event);

  expect(await client.appendToStream('a-2', event)).toMatchObject({ nextExpectedRevision: 0n });

  expect(await eventsOf(client.readStream('a-2'))).toHaveLength(1);
});

it('reports revision 0 for an append of nothing to a missing stream', async () => {
  const { client } = await startBoth();

  expect(await client.appendToStream('missing', [])).toMatchObject({ nextExpectedRevision: 0n });
});

it('takes up to 1 MiB of data in an append, not counting metadata and types', async () => {
  const { client } = await startBoth();
  const half = (extra = 0) =>
    binaryEvent({ type: 'x', data: new Uint8Array(512 * 1024 + extra), metadata: new Uint8Array(300_000) });

  await expect(client.appendToStream('a-1', [half(), half()])).resolves.toMatchObject({ success: true });
  const refused = client.appendToStream('a-1', [half(), half(1)]);

  await expect(refused).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
  await expect(refused).rejects.toMatchObject({ maxAppendSize: 1024 * 1024 });
  expect(await eventsOf(client.readStream('a-1'))).toHaveLength(2);
});

it('takes an append that the client sends in several parts as one', async () => {
  const { client, server } = await startBoth({ maxAppendSize: 64 * 1024 * 1024 });

  await client.appendToStream('a-1', count(1_000), { expectedRevision: NO_STREAM, batchAppendSize: 1_024 });

  expect(server.stats.appendsSeen).toBe(1);
  expect(await eventsOf(client.readStream('a-1'))).toHaveLength(1_000);
});

it('refuses an empty stream name and an empty type with an unknown error', async () => {
  const { client } = await startBoth();

  await expect(client.appendToStream('', numbered(0))).rejects.toBeInstanceOf(UnknownError);
  await expect(
    client.appendToStream('a-1', [numbered(0), jsonEvent({ type: '', data: {} })]),
  ).rejects.toBeInstanceOf(UnknownError);
  await expect(client.appendToStream('a-1', numbered(0))).resolves.toMatchObject({
    nextExpectedRevision: 0n,
  });
});

it('refuses an append whose deadline has passed', async () => {
  const { client } = await startBoth();

  await expect(client.appendToStream('a-1', numbered(0), { deadline: -1_000 })).rejects.toMatchObject({
    type: 'deadline-exceeded',
  });
});

it('answers the same to appends that come one a call', async () => {
  const { client, server } = await startBoth();
  const alone = { credentials: { username: 'admin', password: 'changeit' } };
  const event = numbered(0);

  const original = await client.appendToStream('a-1', event, { expectedRevision: NO_STREAM, ...alone });
  const repeated = await client.appendToStream('a-1', event, { expectedRevision: NO_STREAM, ...alone });

  expect(original).toMatchObject({ success: true, nextExpectedRevision: 0n });
  expect(repeated).toEqual(original);
  await expect(
    client.appendToStream('a-1', numbered(1), { expectedRevision: 7n, ...alone }),
  ).rejects.toMatchObject({ expectedVersion: 7n, actualVersion: 0n });
  await expect(client.appendToStream('', numbered(1), alone)).rejects.toBeInstanceOf(UnknownError);
  const large = binaryEvent({ type: 'x', data: new Uint8Array(1024 * 1024 + 1) });
  await expect(client.appendToStream('a-1', large, alone)).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
  expect(server.stats.batchStreams).toBe(0);
});

it('keeps appends of several clients apart and in order', async () => {
  const { client, server } = await startBoth();
  const clients = [client, connect(server.url), connect(server.url)];
  // A client opens its batch stream with its first append, and others may overtake that one.
  for (const [index, one] of clients.entries()) await one.appendToStream(`a-${index}`, numbered(0));

  const answers = await Promise.all(
    clients.flatMap((one, index) => count(50).map((event) => one.appendToStream(`a-${index}`, event))),
  );

  expect(new Set(answers.map(({ position }) => position?.commit)).size).toBe(150);
  for (const index of clients.keys()) {
    const read = await eventsOf(client.readStream<Numbered>(`a-${index}`, { fromRevision: 1n }));
    expect(read.map(({ data }) => data)).toEqual(count(50).map(({ data }) => data));
  }
  expect(server.stats.batchStreams).toBe(3);
});
