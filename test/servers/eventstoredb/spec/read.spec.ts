import {
  BACKWARDS,
  binaryEvent,
  END,
  jsonEvent,
  START,
  StreamNotFoundError,
  UnknownError,
} from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { count, eventsOf, numbered, startBoth } from './support.ts';

type Reads = Parameters<typeof eventsOf>[0];

const revisions = async (reads: Reads): Promise<number[]> =>
  (await eventsOf(reads)).map((event) => Number(event.revision));
const streams = async (reads: Reads): Promise<string[]> =>
  (await eventsOf(reads)).map((event) => event.streamId);

it('reads a stream both ways, from the start, the end and a revision, that one included', async () => {
  const { client } = await startBoth();
  await client.appendToStream('a-1', count(5));

  expect(await revisions(client.readStream('a-1'))).toEqual([0, 1, 2, 3, 4]);
  expect(await revisions(client.readStream('a-1', { fromRevision: 3n }))).toEqual([3, 4]);
  expect(await revisions(client.readStream('a-1', { fromRevision: 3n, maxCount: 1 }))).toEqual([3]);
  expect(await revisions(client.readStream('a-1', { fromRevision: 9n }))).toEqual([]);
  expect(await revisions(client.readStream('a-1', { fromRevision: END }))).toEqual([]);
  const back = { direction: BACKWARDS } as const;
  expect(await revisions(client.readStream('a-1', { ...back, fromRevision: END }))).toEqual([4, 3, 2, 1, 0]);
  expect(await revisions(client.readStream('a-1', { ...back, fromRevision: END, maxCount: 2 }))).toEqual([
    4, 3,
  ]);
  expect(await revisions(client.readStream('a-1', { ...back, fromRevision: 1n }))).toEqual([1, 0]);
  expect(await revisions(client.readStream('a-1', { ...back, fromRevision: START }))).toEqual([0]);
});

it('says that a stream is missing', async () => {
  const { client } = await startBoth();

  await expect(eventsOf(client.readStream('missing'))).rejects.toBeInstanceOf(StreamNotFoundError);
});

it('gives every field of an event back', async () => {
  const { client } = await startBoth();
  const before = Date.now();
  const json = jsonEvent({ type: 'json', data: { text: 'ä' }, metadata: { $correlationId: 'c' } });
  const binary = binaryEvent({ type: 'binary', data: new Uint8Array([1, 2]), metadata: new Uint8Array([3]) });
  await client.appendToStream('ä-1', [json, binary]);

  const [first, second] = await eventsOf(client.readStream('ä-1'));

  expect(first).toMatchObject({
    streamId: 'ä-1',
    id: json.id,
    revision: 0n,
    type: 'json',
    isJson: true,
    data: { text: 'ä' },
    metadata: { $correlationId: 'c' },
  });
  expect(second).toMatchObject({ id: binary.id, revision: 1n, type: 'binary', isJson: false });
  expect([...((second?.data ?? []) as Uint8Array)]).toEqual([1, 2]);
  expect(second?.position?.commit).toBeGreaterThan(first?.position?.commit ?? 0n);
  expect(first?.created.getTime()).toBeGreaterThanOrEqual(before);
  expect(first?.created.getTime()).toBeLessThanOrEqual(Date.now());
});

it('has one event of its own in a new log', async () => {
  const { client } = await startBoth();

  expect(await streams(client.readAll())).toEqual(['$epoch-information']);
});

it('reads everything both ways, a position included forwards and left out backwards', async () => {
  const { client } = await startBoth();
  for (const stream of ['a-1', 'b-1', 'a-2']) await client.appendToStream(stream, numbered(0));
  const b = (await eventsOf(client.readStream('b-1')))[0]?.position ?? {
    commit: 0n,
    prepare: 0n,
  };

  expect(await streams(client.readAll())).toEqual(['$epoch-information', 'a-1', 'b-1', 'a-2']);
  expect(await streams(client.readAll({ maxCount: 2 }))).toEqual(['$epoch-information', 'a-1']);
  expect(await streams(client.readAll({ fromPosition: b }))).toEqual(['b-1', 'a-2']);
  expect(await streams(client.readAll({ fromPosition: END }))).toEqual([]);
  const back = { direction: BACKWARDS } as const;
  expect(await streams(client.readAll({ ...back, fromPosition: END, maxCount: 3 }))).toEqual([
    'a-2',
    'b-1',
    'a-1',
  ]);
  expect(await streams(client.readAll({ ...back, fromPosition: b }))).toEqual(['a-1', '$epoch-information']);
  expect(await streams(client.readAll({ ...back, fromPosition: START }))).toEqual([]);
});

it('reads nothing from beyond the end, and refuses a position that cannot be', async () => {
  const { client } = await startBoth();
  const beyond = { commit: 10n ** 12n, prepare: 10n ** 12n };

  expect(await streams(client.readAll({ fromPosition: beyond }))).toEqual([]);
  await expect(
    eventsOf(client.readAll({ fromPosition: { commit: 1n, prepare: 2n } })),
  ).rejects.toBeInstanceOf(UnknownError);
});

it('keeps a read open for a client that does not take it, and ends it when the client leaves', async () => {
  const { client, server } = await startBoth({ maxAppendSize: 64 * 1024 * 1024 });
  const large = { type: 'large', data: { text: 'x'.repeat(100_000) } };
  for (let round = 0; round < 20; round++) {
    await client.appendToStream(
      'a-1',
      Array.from({ length: 10 }, () => jsonEvent(large)),
    );
  }

  const reading = client.readStream('a-1');
  for await (const _ of reading) break;
  expect(server.stats.reads).toBe(1);
  await reading.cancel();

  await server.until(() => server.stats.reads === 0);
  expect(server.stats.cancelled).toBe(1);
});
