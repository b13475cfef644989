import type { Condition, OrderBy } from '../../ports/read-models.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import type { Views } from '../views.ts';
import { compareSpots, spotOf, type Found, type Spot } from './compare.ts';
import type { SortField } from './order.ts';
import type { Plan } from './plan.ts';

/** A list in the order of one field. */
export interface Sort {
  readonly field: SortField;
  readonly direction: OrderBy['direction'];
}

/** Those of some executions that are wanted, in their order. */
export type Keep = (found: readonly Found[]) => Promise<readonly Found[]>;

/** How many more executions one answer may look at. */
export interface Budget {
  left: number;
}

/** The next executions of a list. */
export interface Listed {
  readonly found: readonly Found[];
  /** Where the list goes on when not all of it was looked at; what is behind it may be nothing. */
  readonly end: Spot | undefined;
}

/** What is listed: how, from where on, and how many. */
export interface Walk {
  readonly plan: Plan;
  readonly sort: Sort;
  readonly from: Spot | undefined;
  readonly wanted: number;
  readonly keep: Keep;
}

/** The most documents of one look. */
const LOOK = 250;

const next = (
  views: Views,
  { plan, sort: { field, direction } }: Walk,
  conditions: readonly Condition[],
  from: Spot | undefined,
  limit: number,
): Promise<readonly Found[]> =>
  views.find<ExecutionDocument>('executions', {
    where: [...conditions, ...plan.range],
    orderBy: [{ field, direction }],
    limit,
    ...(from === undefined ? {} : { after: { values: [from.value], key: from.key } }),
  });

/**
 * Of several walks the one whose next execution is the furthest, since none that is wanted comes before; `undefined` when
 * one is at its end, and with it all.
 */
const furthest = async (
  views: Views,
  walk: Walk,
  from: Spot | undefined,
): Promise<readonly Condition[] | undefined> => {
  const { walks } = walk.plan;
  if (walks.length <= 1) return walks[0] ?? [];
  const heads = await Promise.all(walks.map((conditions) => next(views, walk, conditions, from, 1)));
  const { field, direction } = walk.sort;
  const spots = heads.flatMap(([head], index) =>
    head === undefined ? [] : [{ spot: spotOf(head, field), index }],
  );
  if (spots.length < walks.length) return undefined;
  return walks[spots.toSorted((a, b) => compareSpots(b.spot, a.spot, direction))[0]?.index ?? 0];
};

/**
 * Walks an order from a place on, along the sparsest of the indexes that have it, until so many are found that are wanted or
 * the budget is used up: a condition that no index has in this order is met on the way.
 */
export const walkOrder = async (views: Views, walk: Walk, budget: Budget): Promise<Listed> => {
  const { plan, sort, wanted, keep } = walk;
  const found: Found[] = [];
  let [place, look] = [walk.from, Math.min(wanted * 2, LOOK)];
  for (;;) {
    const conditions = await furthest(views, walk, place);
    if (conditions === undefined) return { found, end: undefined };
    const limit = plan.isExact ? wanted - found.length : look;
    const batch = await next(views, walk, conditions, place, limit);
    found.push(...(await keep(batch)));
    budget.left -= batch.length + Math.max(plan.walks.length, 1);
    const last = batch.at(-1);
    if (batch.length < limit || last === undefined) return { found, end: undefined };
    place = spotOf(last, sort.field);
    if (found.length >= wanted || budget.left <= 0) return { found, end: place };
    look = Math.min(look * 2, LOOK);
  }
};
