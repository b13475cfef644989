import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import {
  openEventStoreLog,
  type EventStoreLogOptions,
} from '../../../src/adapters/eventstoredb/open-event-store-log.ts';
import type { ConnectionState } from '../../../src/adapters/eventstoredb/connection.ts';
import { NO_STREAM, seal, type SealedCommit, type StreamHead } from '../../../src/domain/chain.ts';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import type { EventLog, LogBatch, SubscribeOptions } from '../../../src/ports/event-log.ts';
import { startEventStore } from '../../servers/eventstoredb/server.ts';

type Server = Awaited<ReturnType<typeof startEventStore>>;

/** A server of the test's own, stopped when the test ends. */
export const startServer = async (...options: Parameters<typeof startEventStore>): Promise<Server> => {
  const server = await startEventStore(...options);
  onTestFinished(async () => {
    server.faults.reset();
    await server.stop();
  });
  return server;
};

/** A log and what it said of its connection. */
export interface Opened {
  readonly log: EventLog;
  readonly states: readonly ConnectionState[];
  /** Resolves when the last thing it said is this. */
  readonly became: (status: ConnectionState['status']) => Promise<void>;
}

/** A log on a server, impatient enough for a test, closed when the test ends. */
export const openLog = async (url: string, options: Partial<EventStoreLogOptions> = {}): Promise<Opened> => {
  const states: ConnectionState[] = [];
  const waiting: (() => void)[] = [];
  const log = await openEventStoreLog({
    url,
    onState: (state) => {
      states.push(state);
      for (const look of waiting.splice(0)) look();
    },
    ...options,
    retry: { tries: 100, patience: 20_000, base: 10, cap: 50, ...options.retry },
  });
  onTestFinished(() => log.close());
  return {
    log,
    states,
    became: async (status) => {
      while (states.at(-1)?.status !== status) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
};

/** A commit of so many steps, behind `head`. */
export const commitTo = (stream: string, size = 1, head: StreamHead = NO_STREAM): SealedCommit =>
  seal(
    stream,
    head,
    Array.from({ length: size }, (_, index) => ({
      type: 'step.completed',
      facts: { step: `step-${head.revision + 1 + index}`, duration: index },
      payload: { output: { text: `of ${stream}`, index } },
    })),
    {
      $correlationId: stream,
      $causationId: randomUUID(),
      at: 1_700_000_000_000,
      actor: { id: 'ada', kind: 'user', via: 'none' },
      tenant: 'default',
      node: 'test',
      schema: 1,
    },
  );

/** Appends `count` commits of one event to streams of their own; answers their streams. */
export const appendMany = async (
  log: EventLog,
  count: number,
  prefix = 'execution-many',
): Promise<string[]> => {
  const streams = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  await Promise.all(streams.map((stream) => log.append(commitTo(stream))));
  return streams;
};

/** What a subscription brings, and ways to wait for it. */
export interface Collected {
  readonly events: RecordedEvent[];
  readonly batches: LogBatch[];
  /** Resolves when `enough` says so; rejects when the subscription does. */
  readonly until: (enough: (events: readonly RecordedEvent[], last: LogBatch) => boolean) => Promise<void>;
  stop(): void;
}

/** Follows a log until the test ends. `each` is awaited for every batch. */
export const follow = (
  log: EventLog,
  options: Partial<SubscribeOptions> = {},
  each: (batch: LogBatch) => Promise<void> = () => Promise.resolve(),
): Collected => {
  const controller = new AbortController();
  const events: RecordedEvent[] = [];
  const batches: LogBatch[] = [];
  let wake = (): void => undefined;
  const run = async (): Promise<void> => {
    for await (const batch of log.subscribe({ after: 0n, signal: controller.signal, ...options })) {
      events.push(...batch.events);
      batches.push(batch);
      await each(batch);
      wake();
    }
  };
  const running = run();
  const early = running.then(() => {
    throw new Error('Expected more events, but the subscription ended.');
  });
  early.catch(() => undefined);
  onTestFinished(async () => {
    controller.abort();
    await running;
  });
  return {
    events,
    batches,
    until: async (enough) => {
      for (;;) {
        const last = batches.at(-1);
        if (last && enough(events, last)) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await Promise.race([promise, early]);
      }
    },
    stop: () => controller.abort(),
  };
};

/** Revisions of everything in a stream. */
export const revisionsOf = async (log: EventLog, stream: string): Promise<number[]> =>
  (await log.read(stream, { limit: 10_000 })).map(({ revision }) => revision);

/** Where an event stands and what it is, for comparing runs of events. */
export const placesOf = (events: readonly RecordedEvent[]): string[] =>
  events.map(({ stream, revision }) => `${stream}@${revision}`);
