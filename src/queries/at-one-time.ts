/** Somebody who waits for what is found. */
interface Asked<Q, F> {
  readonly query: Q;
  resolve(found: F): void;
  reject(error: unknown): void;
}

/** Looks for what a query is about, in what is named. */
export type Find<N extends string, Q, F> = (name: N, query: Q) => Promise<F>;

/** Looks for what several queries are about, in their order: as many answers. */
export type FindEach<N extends string, Q, F> = (name: N, queries: readonly Q[]) => Promise<readonly F[]>;

/**
 * Makes one look of what is looked for at the same time in one that is named, and looks once for what is the same. Whoever
 * goes on from what was found at one time asks at one time again, so that many who each look thrice are three looks.
 */
export const atOneTime = <N extends string, Q, F>(findEach: FindEach<N, Q, F>): Find<N, Q, F> => {
  const waiting = new Map<N, Asked<Q, F>[]>();

  const look = async (name: N): Promise<void> => {
    const asked = waiting.get(name) ?? [];
    waiting.delete(name);
    const same = [...Map.groupBy(asked, ({ query }) => JSON.stringify(query)).values()];
    try {
      const found = await findEach(
        name,
        same.flatMap(([one]) => (one === undefined ? [] : [one.query])),
      );
      for (const [index, some] of same.entries()) for (const { resolve } of some) resolve(found[index] as F);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };

  return (name, query) =>
    new Promise<F>((resolve, reject) => {
      const asked = waiting.get(name);
      waiting.set(name, [...(asked ?? []), { query, resolve, reject }]);
      if (asked !== undefined) return;
      // Behind everybody who goes on in this turn: the next tick comes when no promise has anybody left to tell.
      void Promise.resolve().then(() => process.nextTick(() => void look(name)));
    });
};
