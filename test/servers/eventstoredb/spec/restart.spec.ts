import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { expect, it, onTestFinished, vi } from 'vitest';
import { collect, connect, count, eventsOf, numbered, startBoth, startServer, watch } from './support.ts';

const dataFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'eventstore-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'events');
};

it.each(['memory', 'file'])('keeps its data in %s and its port over a restart', async (where) => {
  const { server, client } = await startBoth(where === 'file' ? { data: dataFile() } : {});
  const { port } = server;
  const event = numbered(0);
  const written = await client.appendToStream('a-1', event, { expectedRevision: NO_STREAM });
  const before = await eventsOf(client.readAll());

  await server.restart();

  expect(server.port).toBe(port);
  const after = connect(server.url);
  expect(await eventsOf(after.readAll({ maxCount: 2 }))).toEqual(before);
  expect(await after.appendToStream('a-1', event, { expectedRevision: NO_STREAM })).toEqual(written);
  const all = await eventsOf(after.readAll());
  expect(all.map(({ streamId }) => streamId)).toEqual(['$epoch-information', 'a-1', '$epoch-information']);
});

it('takes over the file of another server', async () => {
  const data = dataFile();
  const { server, client } = await startBoth({ data });
  await client.appendToStream('a-1', count(3));
  await client.setStreamMetadata('a-1', { maxCount: 2 });
  await server.stop();

  const { client: other } = await startBoth({ data });

  expect(await eventsOf(other.readStream('a-1'))).toHaveLength(2);
});

it('forgets an append that a crash cut short in the file', async () => {
  const data = dataFile();
  const { server, client } = await startBoth({ data });
  await client.appendToStream('a-1', numbered(0));
  await server.stop();
  const whole = readFileSync(data);
  appendFileSync(data, whole.subarray(0, 40));

  const { server: second, client: other } = await startBoth({ data });
  expect(await other.appendToStream('a-1', numbered(1))).toMatchObject({ nextExpectedRevision: 1n });
  await second.stop();

  const { client: third } = await startBoth({ data });
  expect(await eventsOf(third.readStream('a-1'))).toHaveLength(2);
});

it('refuses a file that is not its own', async () => {
  const data = dataFile();
  writeFileSync(data, 'something else\n');

  await expect(startServer({ data })).rejects.toThrow(/JSON/);
});

it('cuts every connection when it is killed', async () => {
  const { server, client } = await startBoth();
  server.faults.hangAppend();
  const watched = collect(client.subscribeToAll());
  await watched.until(() => watched.caughtUp === 1);
  const outcome = Promise.allSettled([client.appendToStream('a-1', numbered(0))]);
  await server.until(() => server.faults.fired.hangAppend === 1);

  await server.stop('kill');

  expect(await outcome).toMatchObject([{ status: 'rejected', reason: { type: 'unavailable' } }]);
  expect(await watched.ended).toMatchObject({ type: 'unavailable' });
  expect(server.stats).toMatchObject({ connections: 0, subscriptions: 0, batchStreams: 0, cancelled: 2 });
});

it('answers what is under way and ends subscriptions with an unknown error when it stops gracefully', async () => {
  const { server, client } = await startBoth();
  const watched = collect(client.subscribeToAll());
  await watched.until(() => watched.caughtUp === 1);
  server.faults.answerLate(20);
  const pending = client.appendToStream('a-1', numbered(0));
  await server.until(() => server.faults.fired.answerLate === 1);

  await server.stop('graceful');

  await expect(pending).resolves.toMatchObject({ nextExpectedRevision: 0n });
  expect(await watched.ended).toMatchObject({ type: 'unknown', code: 2 });
  expect(server.stats).toMatchObject({ connections: 0, subscriptions: 0, batchStreams: 0 });
});

it('does not wait for ever for a client that does not read when it stops gracefully', async () => {
  const { server, client } = await startBoth({ maxAppendSize: 64 * 1024 * 1024 });
  const large = jsonEvent({ type: 'large', data: { text: 'x'.repeat(1_000_000) } });
  for (let round = 0; round < 20; round++) await client.appendToStream('a-1', { ...large, id: randomUUID() });
  for await (const _ of client.readStream('a-1')) break;
  expect(server.stats.reads).toBe(1);

  await server.stop('graceful');

  expect(server.stats.reads).toBe(0);
});

it('serves the same client again after either way to stop', async () => {
  const { server, client } = await startBoth();
  for (const [index, how] of (['graceful', 'kill'] as const).entries()) {
    await client.appendToStream(`a-${index}`, numbered(0));
    await server.stop(how);
    watch(client.appendToStream(`b-${index}`, numbered(0)));
    await server.restart();
    const again = connect(server.url);
    expect(await again.appendToStream(`a-${index}`, numbered(1))).toMatchObject({ nextExpectedRevision: 1n });
    const read = await vi.waitFor(() => eventsOf(client.readStream(`a-${index}`)));
    expect(read).toHaveLength(2);
  }
});

it('may be stopped twice', async () => {
  const server = await startServer();

  await server.stop('graceful');
  await expect(server.stop('kill')).resolves.toBeUndefined();
});
