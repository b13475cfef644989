import { setImmediate, setTimeout } from 'node:timers/promises';
import { LogUnavailable, type LogBatch, type SubscribeOptions } from '../../ports/event-log.ts';
import type { Scan } from './event-log-scan.ts';
import type { Wake } from './event-log-wake.ts';

/** What a subscription reads from. */
export interface SubscriptionSource {
  readonly wake: Wake;
  /** Prepares a scan; it and its calls throw the port's errors. */
  readonly scan: (options: SubscribeOptions) => Scan;
}

// How soon a log that did not answer is asked again, in milliseconds.
const RETRY = 250;

const changeOrEnd = (wake: Wake, seen: number, ended: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const settle = (): void => {
      ended.removeEventListener('abort', settle);
      callOff();
      resolve();
    };
    const callOff = wake.onChange(seen, () => queueMicrotask(settle));
    ended.addEventListener('abort', settle);
    if (ended.aborted) settle();
  });

const outage = async (error: unknown, ended: AbortSignal): Promise<undefined> => {
  if (!(error instanceof LogUnavailable)) throw error;
  try {
    await setTimeout(RETRY, undefined, { signal: ended });
  } catch {
    // The subscription ended meanwhile.
  }
  return undefined;
};

const batches = async function* (
  { wake, scan }: SubscriptionSource,
  options: SubscribeOptions,
  own: AbortController,
): AsyncGenerator<LogBatch, undefined> {
  const ended = own.signal;
  let next: Scan | undefined;
  let said: bigint | undefined;
  let toldCaughtUp = false;
  try {
    while (!ended.aborted) {
      const seen = wake.count();
      let batch: LogBatch | undefined;
      try {
        next ??= scan({ ...options, after: said ?? options.after });
        batch = next();
      } catch (error) {
        next = undefined;
        batch = await outage(error, ended);
      }
      if (batch === undefined) continue;
      // Who follows one stream is not told of every commit to the others.
      const silent = toldCaughtUp && options.filter?.stream !== undefined && batch.events.length === 0;
      if (said === undefined || (batch.position > said && !silent)) {
        said = batch.position;
        toldCaughtUp = batch.caughtUp;
        yield batch;
      }
      // Others get their turn, however fast the reader is.
      if (batch.caughtUp) await changeOrEnd(wake, seen, ended);
      else await setImmediate();
    }
    return undefined;
  } finally {
    own.abort();
  }
};

/** Follows the log. `closed` ends it as the subscriber's own signal does. */
export const follow = (
  source: SubscriptionSource,
  options: SubscribeOptions,
  closed: AbortSignal,
): AsyncIterable<LogBatch> => ({
  [Symbol.asyncIterator]() {
    const own = new AbortController();
    const end = (): void => own.abort();
    const signals = [options.signal, closed];
    const letGo = (): void => signals.forEach((signal) => signal.removeEventListener('abort', end));
    for (const signal of signals) signal.addEventListener('abort', end);
    own.signal.addEventListener('abort', letGo);
    if (signals.some(({ aborted }) => aborted)) end();
    const generator = batches(source, options, own);
    return {
      next: () => generator.next(),
      return: () => {
        end();
        return generator.return(undefined);
      },
    };
  },
});
