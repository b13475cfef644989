import { setImmediate } from 'node:timers/promises';
import type { Source } from './source.ts';

/** Waits for a value and answers it with those that are there at once behind it, at most so many; none at the end. */
export const batchesOf = <T>(source: Source<T>, most: number): (() => Promise<readonly T[]>) => {
  let held: Promise<IteratorResult<T, undefined>> | undefined;

  const hold = (): Promise<IteratorResult<T, undefined>> => {
    held = source.next();
    // It is for the next batch to meet its failure.
    held.catch(() => undefined);
    return held;
  };

  return async () => {
    const first = await (held ?? source.next());
    held = undefined;
    if (first.done === true) return [];
    const batch = [first.value];
    while (batch.length < most) {
      const more = await Promise.race([hold(), setImmediate(undefined)]);
      if (more === undefined || more.done === true) break;
      held = undefined;
      batch.push(more.value);
    }
    return batch;
  };
};
