import { AccessDeniedError, StreamDeletedError } from '@eventstore/db-client';
import type { Clock } from '../../ports/clock.ts';
import { LogCorrupt, LogUnavailable } from '../../ports/event-log.ts';
import { asError } from './client-errors.ts';
import { ConnectionLost, type Connection, type Session } from './connection.ts';
import { backOff, pause, type Retry } from './waiting.ts';

/** A refusal in the words of the port; other errors as they are. */
export const inOurWords = (error: unknown): Error => {
  if (error instanceof AccessDeniedError) {
    return new LogUnavailable('Expected EventStoreDB to let us in, but it denied access.', error);
  }
  if (error instanceof StreamDeletedError) {
    return new LogCorrupt(`Expected ${error.streamName} to be kept, but it was deleted for ever.`, error);
  }
  return asError(error);
};

/** How often a call is repeated. */
export interface Bounded {
  readonly clock: Clock;
  readonly retry: Retry;
  /** When it aborts, no other try is made. */
  readonly closing: AbortSignal;
}

/** Repeats a call that may have got lost, within bounds; then rejects with `LogUnavailable`. */
export const callPatiently = async <T>(
  connection: Connection,
  { clock, retry, closing }: Bounded,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const enough = new AbortController();
  const stop = AbortSignal.any([enough.signal, closing]);
  const timer = clock.after(retry.patience, () => enough.abort());
  try {
    for (let tries = 1; ; tries++) {
      try {
        return await connection.run(work);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw inOurWords(error);
        if (tries >= retry.tries || stop.aborted) {
          throw new LogUnavailable(`Expected EventStoreDB to answer, but: ${error.message}`, error.cause);
        }
        await connection.ready(stop);
      }
    }
  } finally {
    timer.cancel();
  }
};

/** How calls are repeated, and by whose clock. */
export interface Repeating {
  readonly clock: Clock;
  readonly retry: Retry;
  readonly random: () => number;
}

/** Repeats a call until it succeeds or `stop` aborts; `undefined` then. Rejects for a corrupt log only. */
export const callForever = async <T>(
  connection: Connection,
  { clock, retry, random }: Repeating,
  stop: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<T | undefined> => {
  for (let failures = 1; !stop.aborted; failures++) {
    await connection.ready(stop);
    try {
      return stop.aborted ? undefined : await connection.run(work);
    } catch (error) {
      const found = inOurWords(error);
      if (found instanceof LogCorrupt) throw found;
    }
    await pause(clock, backOff(retry, failures, random), stop);
  }
  return undefined;
};
