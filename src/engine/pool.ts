/** Does work of which only so much is under way at a time; the rest waits, first come, first served. */
export type Pool = <T>(work: () => Promise<T>) => Promise<T>;

/** A pool for `most` pieces of work at a time. */
export const createPool = (most: number): Pool => {
  let busy = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (busy >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy += 1;
    try {
      return await work();
    } finally {
      // Whoever comes next has the place that is free now, before anybody who asks later.
      const next = waiting.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  };
};
