import {
  EventStoreDBClient,
  jsonEvent,
  type AllStreamSubscription,
  type AppendResult,
  type JSONEventType,
  type RecordedEvent,
  type ResolvedEvent,
  type StreamingRead,
  type StreamSubscription,
} from '@eventstore/db-client';
import { onTestFinished } from 'vitest';
import { startEventStore, type EventStoreOptions, type EventStoreServer } from '../server.ts';

/** A server of the test's own, stopped when the test ends. */
export const startServer = async (options: EventStoreOptions = {}): Promise<EventStoreServer> => {
  const server = await startEventStore(options);
  onTestFinished(() => server.stop());
  return server;
};

let clients = 0;

/** A client of the test's own with a connection of its own, disposed when the test ends. */
export const connect = (url: string): EventStoreDBClient => {
  // Clients whose settings are the same share a connection.
  const keepAliveInterval = 60_000 + clients++;
  const client = EventStoreDBClient.connectionString(
    `${url}${url.includes('?') ? '&' : '?'}keepAliveInterval=${keepAliveInterval}`,
  );
  // It waits for ever for a batch stream that the server has ended.
  onTestFinished(() => void client.dispose());
  return client;
};

/** A server and a client of it. */
export const startBoth = async (
  options: EventStoreOptions = {},
): Promise<{ server: EventStoreServer; client: EventStoreDBClient }> => {
  const server = await startServer(options);
  return { server, client: connect(server.url) };
};

/** An event that carries its number. */
export type Numbered = JSONEventType<'numbered', { readonly number: number }>;

/** An event with an id of its own. */
export const numbered = (number: number) => jsonEvent<Numbered>({ type: 'numbered', data: { number } });

/** Events numbered from 0. */
export const count = (size: number) => Array.from({ length: size }, (_, number) => numbered(number));

/** The events of a read, once it has ended. */
export const eventsOf = async (reads: StreamingRead<ResolvedEvent>): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const { event } of reads) if (event) events.push(event);
  return events;
};

/** A call that may hang: whether it is over can be looked at, and it may fail unseen when the client goes. */
export const watch = (call: Promise<AppendResult>): { settled: boolean } => {
  const watched = { settled: false };
  const settle = (): void => {
    watched.settled = true;
  };
  call.then(settle, settle);
  return watched;
};

/** What a subscription brought so far. */
export interface Watched {
  readonly names: string[];
  readonly errors: Error[];
  readonly ended: Promise<Error>;
  caughtUp: number;
  until(holds: () => boolean): Promise<void>;
}

/** Notes what a subscription brings, each event as `stream@revision`. */
export const collect = (subscription: StreamSubscription | AllStreamSubscription): Watched => {
  const ended = Promise.withResolvers<Error>();
  const waiting = new Set<() => void>();
  const watched: Watched = {
    names: [],
    errors: [],
    ended: ended.promise,
    caughtUp: 0,
    until: (holds) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
  const look = (): void => {
    for (const one of waiting) one();
  };
  subscription.on('data', ({ event }) => {
    watched.names.push(`${event?.streamId}@${event?.revision}`);
    look();
  });
  subscription.on('caughtUp', () => {
    watched.caughtUp++;
    look();
  });
  subscription.on('error', (error) => {
    watched.errors.push(error);
    ended.resolve(error);
    look();
  });
  onTestFinished(() => subscription.unsubscribe());
  return watched;
};
