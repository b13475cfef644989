import type { Clock } from '../../ports/clock.ts';

/** How calls are repeated. Times in ms. */
export interface Retry {
  /** The most tries of one call. */
  readonly tries: number;
  /** A call is given up when it has tried for so long. */
  readonly patience: number;
  /** The first pause; each one after it is twice as long, up to `cap`, less a random part of up to a half. */
  readonly base: number;
  readonly cap: number;
}

/** The pause after so many failures in a row (from 1). */
export const backOff = (retry: Retry, failures: number, random: () => number): number =>
  Math.min(retry.cap, retry.base * 2 ** (failures - 1)) * (1 - random() / 2);

/** Resolves after `ms`, or at once when `stop` aborts. */
export const pause = (clock: Clock, ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      timer.cancel();
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(ms, done);
    stop.addEventListener('abort', done);
    if (stop.aborted) done();
  });

/** The promise's outcome, or a rejection when it has none within `ms`. */
export const within = <T>(clock: Clock, ms: number, what: string, promise: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = clock.after(ms, () =>
      reject(new Error(`Expected ${what} within ${ms} ms, but none came.`)),
    );
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
