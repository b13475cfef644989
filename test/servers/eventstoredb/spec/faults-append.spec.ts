import { NO_STREAM } from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { connect, count, eventsOf, numbered, startBoth, watch } from './support.ts';

it.each([
  { write: false, stored: 0 },
  { write: true, stored: 1 },
])('hangs an append with write: $write, and stores $stored event', async ({ write, stored }) => {
  const { client, server } = await startBoth();
  server.faults.hangAppend(1, { write });

  const hanging = watch(client.appendToStream('a-1', numbered(0)));
  await server.until(() => server.faults.fired.hangAppend === 1);
  await client.appendToStream('b-1', numbered(0));

  expect(hanging.settled).toBe(false);
  const all = await eventsOf(client.readAll());
  expect(all.filter(({ streamId }) => streamId === 'a-1')).toHaveLength(stored);
  expect(server.stats).toMatchObject({ appendsSeen: 2, appendsWritten: 1 + stored });
});

it('answers an append that hung and was stored when it is made again', async () => {
  const { client, server } = await startBoth();
  const event = numbered(0);
  server.faults.hangAppend(2, { write: true });
  watch(client.appendToStream('a-1', event, { expectedRevision: NO_STREAM }));
  watch(client.appendToStream('a-1', event, { expectedRevision: NO_STREAM }));
  await server.until(() => server.faults.fired.hangAppend === 2);

  const again = await client.appendToStream('a-1', event, { expectedRevision: NO_STREAM });

  expect(again).toMatchObject({ success: true, nextExpectedRevision: 0n });
  expect(server.stats).toMatchObject({ appendsSeen: 3, appendsWritten: 1 });
});

it('hangs an append that comes one a call', async () => {
  const { client, server } = await startBoth();
  server.faults.hangAppend();

  const hanging = client.appendToStream('a-1', numbered(0), {
    credentials: { username: 'admin', password: 'changeit' },
    deadline: 50,
  });

  await expect(hanging).rejects.toMatchObject({ type: 'deadline-exceeded' });
  expect(server.stats.appendsWritten).toBe(0);
});

it('stores an append at once that it answers late', async () => {
  const { client, server } = await startBoth();
  server.faults.answerLate(50);

  const late = client.appendToStream('a-1', numbered(0));
  const watched = watch(late);
  await server.until(() => server.faults.fired.answerLate === 1);
  await client.appendToStream('b-1', numbered(0));

  expect(watched.settled).toBe(false);
  expect(await eventsOf(client.readStream('a-1'))).toHaveLength(1);
  await expect(late).resolves.toMatchObject({ nextExpectedRevision: 0n });
});

it.each([
  { write: false, stored: 0 },
  { write: true, stored: 1 },
])(
  'ends a batch stream quietly with write: $write, and its appends stay pending',
  async ({ write, stored }) => {
    const { client, server } = await startBoth();
    await client.appendToStream('b-1', numbered(0));
    server.faults.endBatchQuietly(1, { write });

    const first = watch(client.appendToStream('a-1', numbered(0)));
    await server.until(() => server.faults.fired.endBatchQuietly === 1);
    const second = watch(client.appendToStream('a-1', numbered(1)));

    const other = connect(server.url);
    await other.appendToStream('b-1', numbered(1));
    const all = await eventsOf(other.readAll());
    expect(all.filter(({ streamId }) => streamId === 'a-1')).toHaveLength(stored);
    expect([first.settled, second.settled]).toEqual([false, false]);
    expect(server.stats.batchStreams).toBe(1);
  },
);

it.each([
  { when: 'before-write', stored: 0 },
  { when: 'after-write', stored: 1 },
] as const)('drops the connection $when, and the append with it', async ({ when, stored }) => {
  const { client, server } = await startBoth();
  await client.appendToStream('b-1', numbered(0));
  server.faults.dropConnection(when);

  await expect(client.appendToStream('a-1', numbered(0))).rejects.toMatchObject({ type: 'unavailable' });

  const other = connect(server.url);
  const all = await eventsOf(other.readAll());
  expect(all.filter(({ streamId }) => streamId === 'a-1')).toHaveLength(stored);
  expect(server.faults.fired).toEqual({ dropConnection: 1 });
  expect(server.stats).toMatchObject({ batchStreams: 0, cancelled: 1 });
});

it('drops no connection but that of the append', async () => {
  const { client, server } = await startBoth();
  const other = connect(server.url);
  await other.appendToStream('b-1', numbered(0));
  await client.appendToStream('b-1', numbered(0));
  server.faults.dropConnection('before-write');

  await expect(client.appendToStream('a-1', numbered(0))).rejects.toMatchObject({ type: 'unavailable' });
  await server.until(() => server.stats.connections === 1);

  expect(await other.appendToStream('b-1', numbered(1))).toMatchObject({ nextExpectedRevision: 2n });
});

it('refuses an append as not the leader, and takes the next', async () => {
  const { client, server } = await startBoth();
  await client.appendToStream('b-1', numbered(0));
  server.faults.notLeader();

  await expect(client.appendToStream('a-1', numbered(0))).rejects.toMatchObject({
    type: 'not-leader',
    leader: { address: '127.0.0.1', port: server.port },
  });

  expect(await client.appendToStream('a-1', numbered(0))).toMatchObject({ nextExpectedRevision: 0n });
});

it('rejects the appends that are pending on a stream when the leader changes', async () => {
  const { client, server } = await startBoth();
  server.faults.hangAppend(3);
  const pending = count(3).map((event) => client.appendToStream('a-1', event));
  const rejected = Promise.allSettled(pending);
  await server.until(() => server.faults.fired.hangAppend === 3);
  server.faults.notLeader();

  await expect(client.appendToStream('a-2', numbered(0))).rejects.toMatchObject({ type: 'not-leader' });

  for (const outcome of await rejected) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { type: 'not-leader' } });
  }
});

it('counts down, and is disarmed by reset', async () => {
  const { client, server } = await startBoth();
  server.faults.notLeader(2);

  await expect(client.appendToStream('a-1', numbered(0))).rejects.toMatchObject({ type: 'not-leader' });
  await expect(client.appendToStream('a-1', numbered(0))).rejects.toMatchObject({ type: 'not-leader' });
  await expect(client.appendToStream('a-1', numbered(0))).resolves.toMatchObject({ success: true });
  expect(server.faults.fired).toEqual({ notLeader: 2 });

  server.faults.notLeader(5);
  server.faults.reset();
  await expect(client.appendToStream('a-1', numbered(0))).resolves.toMatchObject({ success: true });
  expect(server.faults.fired).toEqual({});
});
