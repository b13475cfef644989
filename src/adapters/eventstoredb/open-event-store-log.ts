import { LogCorrupt, type Appended, type EventLog } from '../../ports/event-log.ts';
import type { Clock } from '../../ports/clock.ts';
import { appendCommit } from './append-commit.ts';
import { metadataOf } from './assemble-commits.ts';
import { callPatiently } from './call-patiently.ts';
import { createConnection, type ConnectionState, type Session } from './connection.ts';
import { createLive } from './live.ts';
import { oneStream, wholeLog } from './log-source.ts';
import { readStreamPage } from './pages.ts';
import { readEnd, readLast } from './read-events.ts';
import { createSubscription } from './subscription.ts';
import { systemClock } from './system-clock.ts';
import { truncateStream } from './truncate-stream.ts';
import type { Retry } from './waiting.ts';

/** How to reach an EventStoreDB, and how patiently. Times in ms. */
export interface EventStoreLogOptions {
  /** `esdb://…`, `kurrentdb://…` (or either with `+discover`), or `unix:/path` for an insecure server's socket. */
  readonly url: string;
  readonly clock?: Clock;
  /** In [0, 1): spreads repeated calls over time. */
  readonly random?: () => number;
  /** How long to wait for the answer to one append (default 5,000). */
  readonly appendTimeout?: number;
  /** How long to wait for each event of a read, and for a ping (default 5,000). */
  readonly readTimeout?: number;
  readonly retry?: Partial<Retry>;
  /** A live subscription that says nothing for so long is checked against the log (default 10,000). */
  readonly silence?: number;
  /** The most events held for one live subscriber; what does not fit is read from the log (default 4,096). */
  readonly buffer?: number;
  /** Told when the server stops answering and when it answers again. */
  readonly onState?: (state: ConnectionState) => void;
}

const RETRY: Retry = { tries: 8, patience: 8_000, base: 100, cap: 2_000 };

/**
 * The log on EventStoreDB. Resolves when the server was tried once, also when it did not answer: `onState` then
 * says so, and the log goes on trying. Rejects with a `RangeError` or the client's error for an unusable URL.
 */
export const openEventStoreLog = async (options: EventStoreLogOptions): Promise<EventLog> => {
  const {
    url,
    clock = systemClock,
    random = Math.random,
    appendTimeout = 5_000,
    readTimeout = 5_000,
  } = options;
  const retry: Retry = { ...RETRY, ...options.retry };
  const patience = { clock, timeout: readTimeout };
  const repeat = { clock, retry, random };
  const onState = options.onState ?? (() => undefined);
  const connection = createConnection({ url, ...repeat, timeout: readTimeout, onState });
  const live = createLive(connection, {
    ...repeat,
    ...patience,
    silence: options.silence ?? 10_000,
    capacity: options.buffer ?? 4_096,
  });
  const closing = new AbortController();
  const bounded = { clock, retry, closing: closing.signal };
  const underWay = new Set<Promise<unknown>>();

  const track = async <T>(call: Promise<T>): Promise<T> => {
    underWay.add(call);
    try {
      return await call;
    } finally {
      underWay.delete(call);
    }
  };
  const read = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    track(callPatiently(connection, bounded, work));

  await connection.opened;
  return {
    append: (commit): Promise<Appended> =>
      track(appendCommit(connection, { ...bounded, timeout: appendTimeout }, commit)),
    read: (stream, { from = 0, limit = 1_000 } = {}) =>
      read(({ client }) => readStreamPage(client, patience, stream, from, limit)),
    head: async (stream) => {
      const last = await read(({ client }) => readLast(client, patience, stream));
      if (!last) return undefined;
      const hash = metadataOf(last)?.commit?.hash;
      if (hash === undefined)
        throw new LogCorrupt(`Expected ${stream} to end with a commit of ours, but it does not.`);
      return { revision: Number(last.revision), hash };
    },
    truncate: (stream, before) =>
      track(truncateStream(connection, { ...bounded, timeout: appendTimeout }, stream, before)),
    end: () => read(({ client }) => readEnd(client, patience)),
    subscribe: (wanted) => {
      const stream = wanted.filter?.stream;
      const log =
        stream === undefined
          ? wholeLog(connection, repeat, patience)
          : oneStream(connection, repeat, patience, stream);
      return createSubscription(wanted, { log, live }, closing.signal);
    },
    ping: async () => {
      const once = { ...bounded, retry: { ...retry, tries: 1 } };
      await callPatiently(connection, once, ({ client }) => readEnd(client, patience));
    },
    close: async () => {
      closing.abort();
      await Promise.allSettled(underWay);
      await connection.close();
    },
  };
};
