import type { DocumentQuery, StoredDocument } from '../ports/read-models.ts';
import { allBy, type ViewName, type Views } from './views.ts';

type Found = readonly StoredDocument<unknown>[];

/** Somebody who waits for what a query finds. */
interface Asked {
  readonly query: DocumentQuery;
  resolve(found: Found): void;
  reject(error: unknown): void;
}

/**
 * The same views; what is looked for in one of them at the same time is one look, and once where it is the same. Whoever
 * goes on from what was found at one time asks at one time again, so that many who each look thrice are three looks.
 */
export const inOneLook = (views: Views): Views => {
  const waiting = new Map<ViewName, Asked[]>();
  const reflected = new Map<string, Promise<void>>();

  const look = async (view: ViewName): Promise<void> => {
    const asked = waiting.get(view) ?? [];
    waiting.delete(view);
    const same = [...Map.groupBy(asked, ({ query }) => JSON.stringify(query)).values()];
    try {
      const found = await views.findEach<unknown>(
        view,
        same.flatMap(([one]) => one?.query ?? []),
      );
      for (const [index, some] of same.entries()) for (const { resolve } of some) resolve(found[index] ?? []);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };

  const ask = (view: ViewName, query: DocumentQuery): Promise<Found> =>
    new Promise<Found>((resolve, reject) => {
      const asked = waiting.get(view);
      waiting.set(view, [...(asked ?? []), { query, resolve, reject }]);
      if (asked !== undefined) return;
      // Behind everybody who goes on in this turn: the next tick comes when no promise has anybody left to tell.
      void Promise.resolve().then(() => process.nextTick(() => void look(view)));
    });

  const find: Views['find'] = async <D>(view: ViewName, query: DocumentQuery) =>
    (await ask(view, query)) as readonly StoredDocument<D>[];

  return {
    ...views,
    find,
    all: allBy(find),
    reflect: (position, ...names) => {
      const key = [position, ...names].join();
      const known = reflected.get(key) ?? views.reflect(position, ...names);
      reflected.set(key, known);
      return known;
    },
  };
};
