import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openEventStoreLog } from '../../src/adapters/eventstoredb/open-event-store-log.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import type { ServerProcess } from '../e2e/server-process.ts';
import { startEventStore } from '../servers/eventstoredb/server.ts';
import { onOwnMongo } from '../servers/mongodb/on-mongo.ts';
import { startMongo } from '../servers/mongodb/server.ts';
import { line, openChaos, type Chaos } from './open-chaos.ts';
import { KINDS } from './load.ts';

/**
 * How long a store is away. Ten seconds are past every patience but that of leases: callers' (10 s), a call's of either
 * client, the longest pause between two attempts (5 s). CHAOS_OUTAGE_SECONDS=30 is past the leases' (15 s) as well.
 */
const SECONDS = Number(process.env['CHAOS_OUTAGE_SECONDS'] ?? '10');
const PAUSE = 500;
const AT_ONCE = 4;
const BEFORE = 42;
const OF_EACH = BEFORE / KINDS.length + Math.ceil((SECONDS * 1_000) / PAUSE) + 5;

/** Servers of the spec's own, and what takes them away and brings them back. */
const openServers = async () => {
  const data = temporaryFolder();
  const eventStore = await startEventStore({ data: join(data, 'events') });
  onTestFinished(() => eventStore.stop());
  const mongo = await startMongo();
  onTestFinished(() => mongo.stop());
  return {
    env: { EVENTSTORE_URL: eventStore.url, MONGODB_URL: `${mongo.url}/outage`, SAGALOG_LOG: 'warn' },
    openLog: () => openEventStoreLog({ url: eventStore.url }),
    log: { stop: () => eventStore.stop(), start: () => eventStore.restart() },
    views: { stop: () => mongo.signal('SIGKILL'), start: () => mongo.start() },
  };
};

const isReady = async (server: ServerProcess): Promise<boolean> =>
  (await server.get('/readyz')).status === 200;

/** Callers who ask on and on, a few at a time, until they are told to stop and what they asked last is confirmed. */
const askOn = (chaos: Chaos, server: ServerProcess): (() => Promise<void>) => {
  const over = new AbortController();
  const asking = (async () => {
    while (!over.signal.aborted) {
      await chaos.load.ask(server, AT_ONCE);
      await pause(PAUSE);
    }
  })();
  return () => {
    over.abort();
    return asking;
  };
};

interface Outage {
  readonly what: string;
  readonly stores: readonly ('log' | 'views')[];
  /** The fewest and the most that are accepted, and that end, meanwhile. */
  readonly accepted: readonly [least: number, most: number];
  readonly ended: readonly [least: number, most: number];
}

const OUTAGES: readonly Outage[] = [
  // Nothing is accepted that is not durable, but an append may have been so just before.
  { what: 'its log', stores: ['log'], accepted: [0, AT_ONCE], ended: [0, BEFORE] },
  // Executions do not wait for their views.
  { what: 'its views', stores: ['views'], accepted: [2 * AT_ONCE, Infinity], ended: [AT_ONCE, Infinity] },
  { what: 'its log and views', stores: ['log', 'views'], accepted: [0, AT_ONCE], ended: [0, BEFORE] },
];

const expectWithin = (found: number, [least, most]: readonly [number, number]): void => {
  expect(found).toBeGreaterThanOrEqual(least);
  expect(found).toBeLessThanOrEqual(most);
};

onOwnMongo('a server under load', () => {
  it.each(OUTAGES)(
    `goes on when $what were away for ${SECONDS} s, with nothing lost and nothing twice`,
    async ({ what, stores, accepted, ended }) => {
      const servers = await openServers();
      const chaos = openChaos({ env: servers.env, openLog: servers.openLog, ofEach: OF_EACH });
      const server = await chaos.start();
      await chaos.load.ask(server, BEFORE);
      const stopAsking = askOn(chaos, server);
      await chaos.ended(BEFORE);

      await Promise.all(stores.map((store) => servers[store].stop()));
      const before = { confirmed: chaos.load.confirmed.size, ended: chaos.endedSoFar };
      await expect.poll(() => isReady(server)).toBe(false);
      await pause(SECONDS * 1_000);
      expect(await isReady(server)).toBe(false);
      const meanwhile = chaos.load.confirmed.size - before.confirmed;
      const through = chaos.endedSoFar - before.ended;
      await Promise.all(stores.map((store) => servers[store].start()));
      await stopAsking();
      await chaos.load.ask(server);
      await chaos.ended(chaos.load.size);
      await expect.poll(() => isReady(server)).toBe(true);
      expect(await server.kill('SIGTERM')).toBe(0);

      const counts = await chaos.finish();
      console.log(
        `${line(`${what} away for ${SECONDS} s`, counts)} Meanwhile ${meanwhile} were accepted and ${through} ended; ` +
          `callers asked ${chaos.load.repeats} times again.`,
      );
      expectWithin(meanwhile, accepted);
      expectWithin(through, ended);
      expect(counts.executions).toBe(KINDS.length * OF_EACH);
    },
    SECONDS * 1_000 + 180_000,
  );
});
