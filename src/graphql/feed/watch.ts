import type { Clock } from '../../ports/clock.ts';
import { createSource, type Source } from './source.ts';

/** What is watched. */
export interface Watched<T> {
  readonly clock: Clock;
  readonly query: () => Promise<T>;
  readonly same: (value: T, last: T) => boolean;
  /** Calls back when it may have changed, until the answer is called. */
  readonly listen: (mark: () => void) => () => void;
  /** When it changes though nothing happens, ms since the Unix epoch. */
  readonly changesAt: (value: T | undefined) => number;
}

/** Milliseconds between two answers, at least. */
const PAUSE = 200;
/** Nothing is asked for again for so many times as long as it took to find out: of a long past that is more than `PAUSE`. */
const REST = 4;
/** Milliseconds of that, at most. */
const LONGEST_REST = 60_000;

/**
 * A value as it is now, and whenever it has changed. Changes that come while nobody pulls, or quickly, are one.
 * Rejects as the query does.
 */
export const watch = async <T>({ clock, query, same, listen, changesAt }: Watched<T>): Promise<Source<T>> => {
  let last: T | undefined;
  let next: T | undefined;
  const state = { changed: false, ended: false, rest: PAUSE };
  let wake: () => void = () => undefined;

  const forget = listen(() => {
    state.changed = true;
    wake();
  });

  const woken = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    await promise;
  };

  /** Resolves at a time, or before it when it is woken. */
  const until = async (at: number): Promise<void> => {
    const timer = clock.schedule(at, () => wake());
    await woken();
    timer.cancel();
  };

  const ask = async (): Promise<T> => {
    const from = clock.now();
    const value = await query();
    state.rest = Math.min(Math.max(PAUSE, REST * (clock.now() - from)), LONGEST_REST);
    return value;
  };

  const pause = async (): Promise<void> => {
    const rest = { over: false };
    const timer = clock.after(state.rest, () => {
      rest.over = true;
      wake();
    });
    while (!state.ended && !rest.over) await woken();
    timer.cancel();
  };

  const pull = async (): Promise<T | undefined> => {
    for (; !state.ended; next = await ask()) {
      if (next !== undefined && (last === undefined || !same(next, last))) {
        last = next;
        return next;
      }
      const at = changesAt(next);
      while (!state.ended && !state.changed && clock.now() < at) await until(at);
      await pause();
      state.changed = false;
    }
    return undefined;
  };

  const close = (): Promise<void> => {
    state.ended = true;
    forget();
    wake();
    return Promise.resolve();
  };

  try {
    // What this takes says little: it may wait for a position.
    next = await query();
  } catch (error) {
    await close();
    throw error;
  }
  return createSource(pull, close);
};
