import { setImmediate } from 'node:timers/promises';

/** What a subscription is fed from. `return` may be called at any time, any number of times, and never rejects. */
export interface Source<T> extends AsyncIterableIterator<T, undefined> {
  return(): Promise<IteratorReturnResult<undefined>>;
}

const TURN = 64;
const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * A source that pulls values until there are none. `close` lets go of everything and makes a pending pull end;
 * it is called once, whether the values end, the pull fails or the consumer leaves.
 */
export const createSource = <T>(
  pull: () => Promise<T | undefined>,
  close: () => Promise<void>,
): Source<T> => {
  let closed: Promise<void> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let pulled = 0;

  // Who leaves does not care how a half-closed source ends.
  const end = (): Promise<void> => (closed ??= close().catch(() => undefined));

  const advance = async (): Promise<IteratorResult<T, undefined>> => {
    if (closed !== undefined) return DONE;
    try {
      // A source that always has a value would keep everybody else from having a turn.
      if (++pulled % TURN === 0) await setImmediate();
      const value = await pull();
      if (closed === undefined && value !== undefined) return { done: false, value };
    } catch (error) {
      if (closed === undefined) {
        void end();
        throw error;
      }
    }
    void end();
    return DONE;
  };

  const source: Source<T> = {
    next: () => {
      const next = turn.then(advance, advance);
      turn = next.catch(() => undefined);
      return next;
    },
    return: async () => {
      await end();
      return DONE;
    },
    [Symbol.asyncIterator]: () => source,
  };
  return source;
};

/** A source that has nothing. */
export const emptySource = <T>(): Source<T> =>
  createSource<T>(
    () => Promise.resolve(undefined),
    () => Promise.resolve(),
  );
