import type { DocumentQuery, StoredDocument } from '../ports/read-models.ts';

/** What a query finds. */
export type FoundAny = readonly StoredDocument<unknown>[];

/** Somebody who waits for what a query finds. */
interface Asked {
  readonly query: DocumentQuery;
  resolve(found: FoundAny): void;
  reject(error: unknown): void;
}

/** Looks for what a query is about, in what is named. */
export type Find<N extends string> = (name: N, query: DocumentQuery) => Promise<FoundAny>;

/** Looks for what several queries are about, in their order. */
export type FindEach<N extends string> = (
  name: N,
  queries: readonly DocumentQuery[],
) => Promise<readonly FoundAny[]>;

/**
 * Makes one look of what is looked for at the same time in one that is named, and looks once for what is the same. Whoever
 * goes on from what was found at one time asks at one time again, so that many who each look thrice are three looks.
 */
export const atOneTime = <N extends string>(findEach: FindEach<N>): Find<N> => {
  const waiting = new Map<N, Asked[]>();

  const look = async (name: N): Promise<void> => {
    const asked = waiting.get(name) ?? [];
    waiting.delete(name);
    const same = [...Map.groupBy(asked, ({ query }) => JSON.stringify(query)).values()];
    try {
      const found = await findEach(
        name,
        same.flatMap(([one]) => one?.query ?? []),
      );
      for (const [index, some] of same.entries()) for (const { resolve } of some) resolve(found[index] ?? []);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };

  return (name, query) =>
    new Promise<FoundAny>((resolve, reject) => {
      const asked = waiting.get(name);
      waiting.set(name, [...(asked ?? []), { query, resolve, reject }]);
      if (asked !== undefined) return;
      // Behind everybody who goes on in this turn: the next tick comes when no promise has anybody left to tell.
      void Promise.resolve().then(() => process.nextTick(() => void look(name)));
    });
};
