import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { startEventStore } from '../servers/eventstoredb/server.ts';
import { startMongo } from '../servers/mongodb/server.ts';
import { isCutOff, startServerProcess, type ServerProcess } from './server-process.ts';

const FIXTURE = fileURLToPath(new URL('kill', import.meta.url));

const NODES = `{ nodes { name self partitions folds } }`;

const START = `mutation ($key: String!) {
  startExecution(workflow: "killed", idempotencyKey: $key) { executionId }
}`;

/** A node as the API tells it. */
export interface ListedNode {
  readonly name: string;
  readonly self: boolean;
  readonly partitions: readonly number[];
  readonly folds: boolean;
}

/** Servers in processes of their own on one log and one store of views, which go when the test is finished. */
export interface Cluster {
  /** URL of the log. */
  readonly log: string;
  /** The file that every call is written to. */
  readonly calls: string;
  /** Starts a node and waits until it is ready. */
  add(name: string): Promise<ServerProcess>;
}

/** Starts what nodes share. */
export const startCluster = async (lease: string): Promise<Cluster> => {
  const data = temporaryFolder();
  const eventStore = await startEventStore();
  onTestFinished(() => eventStore.stop());
  const mongo = await startMongo();
  onTestFinished(() => mongo.stop());
  const calls = join(data, 'calls.txt');
  const env = {
    SAGALOG_DATA: data,
    SAGALOG_WORKFLOWS: FIXTURE,
    SAGALOG_ACTIVITIES: FIXTURE,
    SAGALOG_LOG: 'warn',
    SAGALOG_LEASE: lease,
    EVENTSTORE_URL: eventStore.url,
    MONGODB_URL: `${mongo.url}/nodes`,
    KILL_CALLS: calls,
  };
  return {
    log: eventStore.url,
    calls,
    add: async (name) => {
      const server = await startServerProcess({ ...env, SAGALOG_NODE: name });
      onTestFinished(() => void server.kill('SIGKILL'));
      await expect.poll(async () => (await server.get('/readyz')).status).toBe(200);
      return server;
    },
  };
};

/** The nodes as one of them knows them. */
export const listNodes = async (server: ServerProcess): Promise<readonly ListedNode[]> =>
  (await server.query<{ nodes: readonly ListedNode[] }>(NODES)).nodes;

/** How many partitions each node holds, as one of them knows it. */
export const sharesOf = async (server: ServerProcess): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries((await listNodes(server)).map(({ name, partitions }) => [name, partitions.length]));

/** How many partitions the nodes hold, fewest first. */
export const sizesOf = async (server: ServerProcess): Promise<readonly number[]> =>
  Object.values(await sharesOf(server)).toSorted((a, b) => a - b);

/**
 * Starts an execution a key, some at a time, each through the next of the nodes that `through` names;
 * what a node leaves unanswered, or cannot take now, is started again through another. Answers their ids by key.
 */
export const startAll = async (
  keys: readonly string[],
  through: () => readonly ServerProcess[],
): Promise<ReadonlyMap<string, string>> => {
  const started = new Map<string, string>();
  const left = [...keys];
  let turn = 0;
  const start = async (key: string): Promise<void> => {
    const nodes = through();
    const node = nodes[(turn += 1) % nodes.length];
    try {
      const answer = await node?.query<{ startExecution: { executionId: string } }>(START, { key });
      started.set(key, answer?.startExecution.executionId ?? '');
    } catch (error) {
      if (!isCutOff(error) && !String(error).includes('UNAVAILABLE: ')) throw error;
      left.push(key);
    }
  };
  const caller = async (): Promise<void> => {
    for (let key = left.shift(); key !== undefined; key = left.shift()) await start(key);
  };
  await Promise.all(Array.from({ length: 20 }, caller));
  return started;
};
