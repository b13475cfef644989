import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NestFactory } from '@nestjs/core';
import { defineActivity } from '../src/activities/define-activity.ts';
import { AppModule } from '../src/app.module.ts';
import type { Core } from '../src/create-core.ts';
import { EventFeeds } from '../src/graphql/feed/event-feeds.ts';
import { MonitoringFeeds } from '../src/graphql/feed/monitoring-feeds.ts';
import type { EventLog } from '../src/ports/event-log.ts';
import { BENCH } from './generate.ts';
import { openBenchCore } from './open-core.ts';

/** What subscribers may leave behind. */
export interface Held {
  /** Open connections. */
  readonly connections: number;
  /** Feeds that follow the log, and those that are told of progress. */
  readonly members: number;
  /** Functions that the server of sockets and requests, and the process, would call. */
  readonly listeners: number;
  /** What keeps the process alive: sockets, timers and the like. */
  readonly resources: number;
}

/** Bytes. */
export interface Memory {
  readonly heapUsed: number;
  readonly rss: number;
}

/** The server, on embedded stores, and what is seen of it from inside. */
export interface SubscriberServer {
  readonly core: Core;
  /** ws://…/graphql */
  readonly url: string;
  /** Runs one execution of one step to its end. */
  runOne(): Promise<void>;
  held(): Promise<Held>;
  /** After garbage was collected. */
  memory(): Promise<Memory>;
  close(): Promise<void>;
}

const SOURCE = `execution:
  workflow: followed
  activities:
    - { name: step, activity: nothing }
`;

const nothing = defineActivity({ name: 'nothing', run: () => undefined });

const listenersOf = (emitter: NodeJS.EventEmitter): number =>
  emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

const connectionsOf = (http: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    http.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });

const collector = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
};

/** Serves on a free port. */
export const openSubscriberServer = async (
  folder: string,
  log: (log: EventLog) => EventLog,
): Promise<SubscriberServer> => {
  const parts = { activities: [{ activity: nothing, from: 'bench' }], decorations: { log } };
  // All of them come from one address.
  const core = await openBenchCore(folder, parts, { SAGALOG_LIMITS: 'perAddress=2000' });
  const app = await NestFactory.create(AppModule.on(core, { development: false }), {
    logger: ['error'],
    bodyParser: false,
    forceCloseConnections: true,
  });
  await app.listen(0, '127.0.0.1');
  await core.start();
  await core.definitions.register(SOURCE, BENCH);
  const definition = await core.definitions.startable('followed');
  const http = app.getHttpServer() as Server;
  const gc = collector();
  return {
    core,
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    runOne: async () => {
      const id = core.ids.next();
      const command = { type: 'start', id, trigger: 'manual', input: null, event: null } as const;
      await core.engine.executions.start(id, definition, command, BENCH);
      await core.engine.ended(id);
    },
    held: async () => ({
      connections: await connectionsOf(http),
      members:
        app.get(EventFeeds, { strict: false }).following +
        app.get(MonitoringFeeds, { strict: false }).watching,
      listeners: listenersOf(http) + listenersOf(process),
      resources: process.getActiveResourcesInfo().length,
    }),
    memory: async () => {
      for (let time = 0; time < 4; time += 1) {
        await turn();
        gc();
      }
      const { heapUsed, rss } = process.memoryUsage();
      return { heapUsed, rss };
    },
    close: async () => {
      await app.close();
      await core.close();
    },
  };
};
