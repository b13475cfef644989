import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openEventStoreLog } from '../../src/adapters/eventstoredb/open-event-store-log.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { startEventStore } from '../servers/eventstoredb/server.ts';
import { onMongo } from '../servers/mongodb/on-mongo.ts';
import { halved } from './halved.ts';
import { line, openChaos } from './open-chaos.ts';
import { isOfNodes, POINTS, type CrashPoint } from './points.ts';

/** Few, since each is claimed and released by an append of its own. */
const PARTITIONS = 4;
/** Short, so that a node which was killed is soon known to be gone. */
const LEASE = '3s';

/** The points at which a server on a log and views of servers is killed. */
export const ON_SERVERS = halved(
  POINTS.filter((point: CrashPoint) => point.main === true || isOfNodes(point)),
);

/** A server on a log and views of servers is killed at each of the points, and has to go on. */
export const killOnServers = (points: readonly CrashPoint[]): void =>
  onMongo('a server that is killed', (mongo) => {
    it.each(points)('at $name goes on. $means', async (point) => {
      const eventStore = await startEventStore({ data: join(temporaryFolder(), 'events') });
      onTestFinished(() => eventStore.stop());
      const views = await mongo.database();
      onTestFinished(() => views.drop());
      const chaos = openChaos({
        env: {
          EVENTSTORE_URL: eventStore.url,
          MONGODB_URL: views.url,
          SAGALOG_PARTITIONS: String(PARTITIONS),
          SAGALOG_LEASE: LEASE,
        },
        openLog: () => openEventStoreLog({ url: eventStore.url }),
      });
      await chaos.crash(point);
      const counts = await chaos.finish();
      console.log(line(`${point.name} (servers)`, counts));
      expect(counts.executions).toBe(36);
    });
  });
