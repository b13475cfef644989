import DataLoader from 'dataloader';
import type { AsOf } from '../queries/as-of/as-of.ts';
import type { EachOf } from '../queries/each-of.ts';
import type { GraphqlContext } from './context.ts';
import { pageRequest, type ListArgs, type PageArgs } from './inputs/query.args.ts';
import { perContext } from './per-context.ts';
import type { PageRequest } from '../queries/page.ts';
import type { WaitFor } from '../queries/queries.ts';

/** What is wanted of each that it is wanted of: a page, after a wait, as it was at a moment. */
export interface Wanted {
  readonly page: PageRequest;
  readonly waitFor: WaitFor;
  readonly asOf?: AsOf | undefined;
}

/** What is wanted, and of what, by its id. */
interface WantedOf {
  readonly id: string;
  readonly wanted: Wanted;
}

/** Answers about what has the id. */
export type EachLoader<T> = DataLoader<WantedOf, T>;

/** What a nested list is asked for. */
export const wantedBy = (args: ListArgs & Partial<Pick<PageArgs, 'waitFor'>>): Wanted => ({
  page: pageRequest(args),
  waitFor: args.waitFor ?? undefined,
});

const keyOf = ({ wanted: { page, waitFor, asOf } }: WantedOf): string =>
  JSON.stringify([page, String(waitFor), Object.values(asOf ?? {}).map(String)]);

/**
 * Asks once for the same page of everything that an operation wants it of together, whichever of its rows it belongs to;
 * `ask` answers for each of some ids.
 */
export const eachLoaders = <T>(
  ask: (ids: readonly string[], wanted: Wanted, context: GraphqlContext) => Promise<EachOf<T>>,
): ((context: GraphqlContext) => EachLoader<T>) => {
  const load = (all: readonly WantedOf[], context: GraphqlContext): Promise<readonly (T | Error)[]> => {
    const asked = new Map(
      [...Map.groupBy(all, keyOf)].flatMap(([key, [one, ...others]]) => {
        if (one === undefined) return [];
        const ids = [one, ...others].map(({ id }) => id);
        return [[key, ask(ids, one.wanted, context)] as const];
      }),
    );
    const answerAbout = async (one: WantedOf): Promise<T | Error> =>
      (await asked.get(keyOf(one)))?.get(one.id) ??
      new Error(`Expected an answer about ${one.id}, but there is none.`);
    return Promise.all(all.map(answerAbout));
  };
  // A subscription has one context for as long as it lasts, and what is told of goes on.
  return perContext(
    (context) => new DataLoader((all: readonly WantedOf[]) => load(all, context), { cache: false }),
  );
};
