import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { expect, it, onTestFinished } from 'vitest';
import type { WebSocket } from 'ws';
import { AppModule } from '../../src/app.module.ts';
import { readConfig } from '../../src/config.ts';
import { openCore } from '../../src/core.ts';
import type { Core } from '../../src/create-core.ts';
import { EventFeeds } from '../../src/graphql/feed/event-feeds.ts';
import { MonitoringFeeds } from '../../src/graphql/feed/monitoring-feeds.ts';
import { nestLogger } from '../../src/nest-logger.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { ask, send, welcomed } from '../graphql/socket-peers.ts';
import { watchedLog, type WatchedLog } from '../graphql/watched-log.ts';

const CYCLES = 300;
const QUIET = 200;
const AT_ONCE = 10;

const SOURCE = `execution:
  workflow: patient
  activities:
    - { name: note, activity: log, input: { message: noted } }
    - { name: rest, wait: { signal: never, timeout: 2d } }
`;

/** What subscribers may leave behind. */
interface Held {
  readonly connections: number;
  /** Feeds that follow the log, and those that watch the counters. */
  readonly members: number;
  readonly watching: number;
  /** Those whom the projector tells of its progress. */
  readonly told: number;
  /** Subscriptions of the log. */
  readonly subscriptions: number;
  /** Functions that the server of sockets and requests, and the process, would call. */
  readonly listeners: number;
}

interface World {
  readonly socketUrl: string;
  /** An execution that goes on for ever. */
  readonly id: string;
  held(): Promise<Held>;
}

const listenersOf = (emitter: NodeJS.EventEmitter): number =>
  emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

const connectionsOf = (http: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    http.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });

/** The same core, whose projector's listeners are counted. */
const listening = (core: Core): { readonly core: Core; readonly told: () => number } => {
  let told = 0;
  const projector: Core['projector'] = {
    ...core.projector,
    onProgress: (listener) => {
      const forget = core.projector.onProgress(listener);
      told += 1;
      return () => {
        told -= 1;
        forget();
      };
    },
  };
  const counted = Object.create(core, { projector: { value: projector } }) as Core;
  return { core: counted, told: () => told };
};

const opened = async (): Promise<World> => {
  const logger = keepingLogger();
  const config = readConfig({ SAGALOG_DATA: temporaryFolder(), PORT: '0' });
  const logs: WatchedLog[] = [];
  const watched = (log: Parameters<typeof watchedLog>[0]): WatchedLog => {
    logs.push(watchedLog(log));
    return logs[0] ?? watchedLog(log);
  };
  const { core, told } = listening(await openCore({ config, logger, decorations: { log: watched } }));
  const app = await NestFactory.create(AppModule.on(core, { development: false }), {
    logger: nestLogger(logger),
    bodyParser: false,
    forceCloseConnections: true,
  });
  onTestFinished(async () => {
    await app.close();
    await core.close();
  });
  await app.listen(0, '127.0.0.1');
  await core.start();
  const caller = {
    actor: { id: 'ann', kind: 'user', via: 'none' },
    tenant: 'default',
    traceparent: undefined,
  } as const;
  await core.definitions.register(SOURCE, caller);
  const id = core.ids.next();
  const definition = await core.definitions.startable('patient');
  const command = { type: 'start', id, trigger: 'manual', input: null, event: null } as const;
  await core.engine.executions.start(id, definition, command, caller);
  const http = app.getHttpServer() as Server;
  return {
    socketUrl: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    id,
    held: async () => ({
      connections: await connectionsOf(http),
      members: app.get(EventFeeds, { strict: false }).following,
      watching: app.get(MonitoringFeeds, { strict: false }).watching,
      told: told(),
      subscriptions: logs.reduce((sum, { open }) => sum + open, 0),
      listeners: listenersOf(http) + listenersOf(process),
    }),
  };
};

const subscriptionsTo = (id: string): readonly string[] => [
  'subscription { events { cursor } }',
  'subscription { events(after: "0", filter: { workflow: "patient" }) { cursor payload } }',
  `subscription { executionEvents(id: "${id}") { cursor } }`,
  'subscription { logs { cursor } }',
  'subscription { executionsChanged { cursor } }',
  `subscription { timelineChanged(executionId: "${id}") { cursor } }`,
  'subscription { monitoringChanged { position } }',
  'subscription { metricsChanged(workflow: "patient") { cursor } }',
  'subscription { nodes { name } }',
  'subscription { projectionsChanged { name } }',
  'subscription { rebuildProgress { name } }',
];

/** Comes, subscribes, stays for an answer or not, and goes in one way or another. */
const comeAndGo = async (world: World, query: string, n: number): Promise<void> => {
  const socket = await welcomed(world);
  ask(socket, 'a', query);
  if (n % 2 === 0) {
    ask(socket, 'b', '{ __typename }');
    await once(socket, 'message');
  }
  if (n % 3 === 0) send(socket, { id: 'a', type: 'complete' });
  const closed = once(socket, 'close');
  if (n % 5 === 0) socket.terminate();
  else socket.close();
  await closed;
};

const inTurns = async <T>(count: number, one: (n: number) => Promise<T>): Promise<readonly T[]> => {
  const done: T[] = [];
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) done.push(await one(begun++));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
};

it('subscribers that come and go, and quiet ones that stay for a while, leave nothing of theirs in a server', async () => {
  const world = await opened();
  const queries = subscriptionsTo(world.id);
  const { listeners: _, ...first } = await world.held();
  expect(first).toMatchObject({ connections: 0, members: 0, watching: 0 });
  // What is made once, for whoever comes first, stays.
  await inTurns(queries.length, (n) => comeAndGo(world, queries[n] ?? '', 0));
  await expect.poll(world.held).toMatchObject(first);
  const before = await world.held();

  await inTurns(CYCLES, (n) => comeAndGo(world, queries[n % queries.length] ?? '', n));
  await expect.poll(world.held).toEqual(before);

  const quiet = await inTurns(QUIET, async (n): Promise<WebSocket> => {
    const socket = await welcomed(world);
    ask(socket, 'a', `subscription { events(filter: { workflow: "quiet-${n}" }) { cursor } }`);
    return socket;
  });
  // However many they are, the log is followed once for all of them.
  await expect.poll(world.held).toEqual({
    ...before,
    connections: QUIET,
    members: QUIET,
    subscriptions: before.subscriptions + 1,
  });
  for (const socket of quiet) socket.close();
  await expect.poll(world.held).toEqual(before);
});
