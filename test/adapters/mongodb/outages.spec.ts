import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  ReadModelsUnavailable,
  type ReadModels,
  type StoredDocument,
} from '../../../src/ports/read-models.ts';
import { onOwnMongo } from '../../servers/mongodb/on-mongo.ts';
import type { MongoServer } from '../../servers/mongodb/server.ts';
import { openReadModels, persistently, startServer } from './support.ts';

const KEYS = Array.from({ length: 40 }, (_, n) => `key-${n}`);
const LAST = 30n;

const countOf = (stored: StoredDocument | undefined): number => Number(stored?.doc['count'] ?? 0);

/** Counts one event in each document that has not counted it yet, as projections fold. */
const countEvent = async (readModels: ReadModels, position: bigint, during: () => void): Promise<void> => {
  const found = await readModels.load('counters', KEYS);
  const behind = KEYS.filter((key) => (found.get(key)?.position ?? 0n) < position);
  const writing = readModels.write(
    'counters',
    behind.map((key) => ({
      key,
      doc: { count: countOf(found.get(key)) + 1 },
      position,
      expected: found.get(key)?.position,
    })),
  );
  during();
  await writing;
};

/** Makes a call again for as long as it is answered. */
const untilUnavailable = async (call: () => Promise<unknown>): Promise<void> => {
  const outage: unknown = await call().then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outage === undefined) return untilUnavailable(call);
  expect(outage).toBeInstanceOf(ReadModelsUnavailable);
};

/** Kills the server so many turns of the event loop from now: before a call reaches it, in it, or behind it. */
const killAfter = async (server: MongoServer, turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
  await server.signal('SIGKILL');
};

onOwnMongo('outages', () => {
  it('counts everything once when the server is killed in the middle of writes', async () => {
    const server = await startServer();
    const readModels = await openReadModels(server.url);
    await readModels.prepare('counters', [{ fields: ['count'] }]);
    let outages = 0;
    for (let position = 1n; position <= LAST; position += 1n) {
      let killing: Promise<void> | undefined;
      const restart = async (): Promise<void> => {
        await killing;
        await server.start();
      };
      await persistently(
        () =>
          countEvent(readModels, position, () => {
            if (position % 3n === 0n) killing ??= killAfter(server, Number(position) - 3);
          }),
        () => {
          outages += 1;
          return restart();
        },
      );
      await restart();
    }
    const found = await persistently(() => readModels.load('counters', KEYS));
    expect(outages).toBeGreaterThan(0);
    expect([...found.values()].map(({ doc, position }) => [doc['count'], position])).toEqual(
      KEYS.map(() => [Number(LAST), LAST]),
    );
  });

  it('opens while there is no server, says so on every call, and works once there is one', async () => {
    const server = await startServer();
    await server.signal('SIGKILL');
    const readModels = await openReadModels(server.url);
    const calls: readonly (() => Promise<unknown>)[] = [
      () => readModels.ping(),
      () => readModels.prepare('things', []),
      () => readModels.load('things', ['a']),
      () => readModels.write('things', [{ key: 'a', doc: {}, position: 1n, expected: undefined }]),
      () => readModels.find('things', { limit: 1 }),
      () => readModels.drop('things'),
      () => readModels.projections(),
      () => readModels.saveProjection({ name: 'things', version: 1, generation: 1, position: 1n }),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow(ReadModelsUnavailable);

    await server.start();

    for (const call of calls) await persistently(call);
    expect(await readModels.projections()).toEqual([
      { name: 'things', version: 1, generation: 1, position: 1n },
    ]);
  });

  it('gives up on a server that says nothing, and goes on when it speaks again', async () => {
    const server = await startServer();
    const readModels = await openReadModels(server.url, 100);
    await readModels.prepare('things', []);

    await server.signal('SIGSTOP');
    await untilUnavailable(() => readModels.find('things', { limit: 1 }));
    await server.signal('SIGCONT');

    expect(await persistently(() => readModels.find('things', { limit: 1 }))).toEqual([]);
  });

  it('is closed for calls that wait for a server', async () => {
    const server = await startServer();
    await server.signal('SIGKILL');
    const readModels = await openReadModels(server.url, 60_000);
    const waiting = readModels.ping();
    const answer = waiting.catch((error: unknown) => error);

    await readModels.close();

    expect(await answer).toEqual(
      new ReadModelsUnavailable('Expected the read models to be open, but they have been closed.'),
    );
  });
});
