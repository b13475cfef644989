/** Room for so many attempts at once. */
export interface Slots {
  /** Takes up to `most`, at least one; waits its turn until there is one. Resolves with 0 when it is over before. */
  take(most: number, over: AbortSignal): Promise<number>;
  give(count: number): void;
}

interface Waiting {
  readonly most: number;
  readonly take: (count: number) => void;
}

/** Makes room for `count`. */
export const createSlots = (count: number): Slots => {
  let free = count;
  const waiting = new Set<Waiting>();

  const serve = (): void => {
    for (const { most, take } of waiting) {
      if (free === 0) return;
      const taken = Math.min(free, most);
      free -= taken;
      take(taken);
    }
  };

  return {
    take: (most, over) =>
      new Promise((resolve) => {
        const take = (taken: number): void => {
          waiting.delete(mine);
          over.removeEventListener('abort', end);
          resolve(taken);
        };
        const mine: Waiting = { most, take };
        const end = (): void => take(0);
        if (over.aborted) return resolve(0);
        over.addEventListener('abort', end);
        // Whoever has given one back must not have it again before those who wait.
        waiting.add(mine);
        serve();
      }),
    give: (returned) => {
      free += returned;
      serve();
    },
  };
};
