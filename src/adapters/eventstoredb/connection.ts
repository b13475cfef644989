import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Clock } from '../../ports/clock.ts';
import { LogUnavailable } from '../../ports/event-log.ts';
import { asError, isAnswer, leaderOf } from './client-errors.ts';
import { connectClient, type Connected } from './connect-client.ts';
import { readEnd } from './read-events.ts';
import { backOff, pause, within, type Retry } from './waiting.ts';
import { createWindow, type Window } from './window.ts';

/** Whether the server answers. `since` is ms since the Unix epoch. */
export type ConnectionState =
  | { readonly status: 'available' }
  | { readonly status: 'unavailable'; readonly since: number; readonly error: Error };

/** A client while it is trusted. */
export interface Session {
  readonly client: EventStoreDBClient;
  /** Aborts when the client is given up; its server calls are cancelled by then. */
  readonly lost: AbortSignal;
  /** How many appends the client may have under way: one until it has a stream for them, then they keep their order. */
  readonly appends: Window;
}

/** The call's outcome is not known; its client is given up. */
export class ConnectionLost extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'ConnectionLost';
  }
}

/** One trusted client at a time, replaced whenever it may be broken. */
export interface Connection {
  /** Resolves when the server was tried once, whatever came of it. */
  readonly opened: Promise<void>;
  /** Runs `work` on the client. An error that is not an answer gives the client up and rejects with `ConnectionLost`. */
  run<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Resolves when there is a client that the server answers, or when `stop` aborts. */
  ready(stop: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What a connection needs. */
export interface ConnectionOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: Retry;
  /** How long a server may take to answer a ping, ms. */
  readonly timeout: number;
  readonly onState: (state: ConnectionState) => void;
}

// With 16 messages under way the client starts to queue them; when the connection then breaks,
// it rejects promises that nobody holds, which ends the process.
const APPENDS = 15;

type Held = Session &
  Connected & { readonly end: AbortController; readonly waiting: Set<(error: Error) => void> };

/** Connects, now and again for as long as it takes. Throws when the URL cannot be used. */
export const createConnection = (options: ConnectionOptions): Connection => {
  const { url, clock, retry, random } = options;
  const closed = new AbortController();
  let current: Held | undefined;
  let lastError = new Error('Expected a connection, but there has been none yet.');
  let unavailableSince: number | undefined;
  let leader: string | undefined;
  let failures = 0;
  let readers: (() => void)[] = [];

  const hold = (connected: Connected): Held => {
    const end = new AbortController();
    return { ...connected, end, lost: end.signal, waiting: new Set(), appends: createWindow(APPENDS) };
  };

  const failed = (error: Error): void => {
    lastError = error;
    leader = leaderOf(error);
    failures++;
    unavailableSince ??= clock.now();
    options.onState({ status: 'unavailable', since: unavailableSince, error });
  };

  const available = (session: Held): void => {
    current = session;
    if (unavailableSince !== undefined) options.onState({ status: 'available' });
    unavailableSince = undefined;
    for (const resolve of readers.splice(0)) resolve();
  };

  const connect = async (connected: Connected): Promise<void> => {
    try {
      await within(clock, options.timeout, 'an answer', readEnd(connected.client, options));
    } catch (error) {
      if (!isAnswer(error)) {
        failed(asError(error));
        await within(clock, options.timeout, 'an end of calls', connected.discard()).catch(failed);
        return;
      }
    }
    if (closed.signal.aborted) await connected.discard();
    else available(hold(connected));
  };

  const reconnect = async (): Promise<void> => {
    for (;;) {
      if (current || closed.signal.aborted) return;
      await pause(clock, backOff(retry, Math.max(1, failures), random), closed.signal);
      if (closed.signal.aborted) return;
      try {
        await connect(connectClient(url, leader));
      } catch (error) {
        // The leader was named in a way that nobody can connect to: the URL is tried again, which was usable once.
        failed(asError(error));
      }
    }
  };

  // Anything rejected here was rejected to the callers already, or is one more sign of the same outage.
  const drop = (session: Held): Promise<void> => session.discard().catch(() => undefined);

  const lose = (session: Held, error: Error): void => {
    // At once, before an answer can come that the client no longer knows: the client would never recover.
    const dropped = drop(session);
    if (session !== current) return;
    current = undefined;
    failed(error);
    session.end.abort();
    for (const giveUp of session.waiting) giveUp(error);
    session.waiting.clear();
    // Ending a batch stream rejects the appends of every client of the process: first end this one.
    const ended = within(clock, options.timeout, 'an end of calls', dropped).catch(failed);
    reconnecting = Promise.all([reconnecting, ended]).then(reconnect);
  };

  const settle = async <T>(session: Held, working: Promise<T>): Promise<T> => {
    try {
      return await working;
    } catch (error) {
      if (!isAnswer(error)) lose(session, asError(error));
      throw error;
    } finally {
      if (session === current) failures = 0;
    }
  };

  const opened = connect(connectClient(url));
  let reconnecting = opened.then(reconnect);

  return {
    opened,
    run: async (work) => {
      const session = current;
      if (closed.signal.aborted) throw new LogUnavailable('Expected an open log, but it is closed.');
      if (!session) throw new ConnectionLost(lastError);
      const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
      session.waiting.add(giveUp);
      try {
        return await Promise.race([settle(session, work(session)), givenUp]);
      } catch (error) {
        throw isAnswer(error) ? error : new ConnectionLost(asError(error));
      } finally {
        session.waiting.delete(giveUp);
      }
    },
    ready: (stop) => {
      if (current || stop.aborted || closed.signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          stop.removeEventListener('abort', done);
          readers = readers.filter((reader) => reader !== done);
          resolve();
        };
        readers.push(done);
        stop.addEventListener('abort', done);
      });
    },
    close: async () => {
      closed.abort();
      const session = current;
      current = undefined;
      for (const resolve of readers.splice(0)) resolve();
      if (session) {
        session.end.abort();
        for (const giveUp of session.waiting) giveUp(new Error('Expected an open log, but it is closed.'));
        session.waiting.clear();
        await drop(session);
      }
      await reconnecting;
    },
  };
};
