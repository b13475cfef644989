import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startServerProcess, type ServerProcess } from '../test/e2e/server-process.ts';
import { startEventStore } from '../test/servers/eventstoredb/server.ts';
import { startMongo } from '../test/servers/mongodb/server.ts';

/** Servers in processes of their own that share a log and views. */
export interface Cluster {
  /** URL of the log. */
  readonly log: string;
  /** The file to which every call of an activity adds a line `<execution> <step> <attempt>`. */
  readonly calls: string;
  /** Starts a node; resolves when it can be given work. */
  add(name: string): Promise<ServerProcess>;
  stop(): Promise<void>;
}

// Executions with steps that may be repeated, one that may not, and a wait in between.
const FIXTURE = fileURLToPath(new URL('../test/e2e/kill', import.meta.url));

/** The workflow that a cluster's nodes serve. */
export const WORKFLOW = 'killed';

/** Starts what nodes share: the servers of the tests, which speak the protocols of EventStoreDB and MongoDB. */
export const startCluster = async (folder: string, lease: string): Promise<Cluster> => {
  const started = new AsyncDisposableStack();
  const eventStore = started.adopt(await startEventStore(), (server) => server.stop());
  const mongo = started.adopt(await startMongo(), (server) => server.stop());
  const calls = join(folder, 'calls.txt');
  const env = {
    SAGALOG_DATA: folder,
    SAGALOG_WORKFLOWS: FIXTURE,
    SAGALOG_ACTIVITIES: FIXTURE,
    SAGALOG_LEASE: lease,
    EVENTSTORE_URL: eventStore.url,
    MONGODB_URL: `${mongo.url}/bench`,
    KILL_CALLS: calls,
    NODE_ENV: 'production',
  };
  return {
    log: eventStore.url,
    calls,
    add: async (name) => {
      const node = await startServerProcess({ ...env, SAGALOG_NODE: name });
      started.defer(() => void node.kill('SIGKILL'));
      while ((await node.get('/readyz')).status !== 200) await pause(20);
      return node;
    },
    stop: () => started.disposeAsync(),
  };
};

const NODES = '{ nodes { partitions } }';

/** Resolves when every node holds partitions, as one of them knows it. */
export const untilShared = async (node: ServerProcess, count: number): Promise<void> => {
  for (;;) {
    const { nodes } = await node.query<{ nodes: readonly { partitions: readonly number[] }[] }>(NODES);
    const sizes = nodes.map(({ partitions }) => partitions.length);
    if (sizes.length === count && Math.max(...sizes) - Math.min(...sizes) <= 1) return;
    await pause(50);
  }
};
