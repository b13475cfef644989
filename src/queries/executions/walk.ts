import type { Condition, DocumentQuery, OrderBy } from '../../ports/read-models.ts';
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
  /** All that those who are wanted meet, whatever they are come by. */
  readonly conditions: readonly Condition[];
  readonly sort: Sort;
  readonly from: Spot | undefined;
  readonly wanted: number;
  readonly keep: Keep;
}

/** The most documents that are asked for at once, not all of which are kept. */
const KEEP = 250;

type Along = Required<Pick<DocumentQuery, 'where' | 'orderBy'>> & Pick<DocumentQuery, 'after'>;

const along = (
  { plan, sort: { field, direction } }: Walk,
  conditions: readonly Condition[],
  from: Spot | undefined,
): Along => ({
  where: [...conditions, ...plan.range],
  orderBy: [{ field, direction }],
  ...(from === undefined ? {} : { after: { values: [from.value], key: from.key } }),
});

/**
 * Of several walks the one whose next execution is the furthest, since none that is wanted comes before; `undefined` when
 * one is at its end, and with it all.
 */
const furthest = async (views: Views, walk: Walk, from: Spot | undefined): Promise<Along | undefined> => {
  const walks = walk.plan.walks.map((conditions) => along(walk, conditions, from));
  if (walks.length <= 1) return walks[0] ?? along(walk, [], from);
  const heads = await views.findEach<ExecutionDocument>(
    'executions',
    walks.map((one) => ({ ...one, limit: 1 })),
  );
  const { field, direction } = walk.sort;
  const spots = heads.flatMap(([head], index) =>
    head === undefined ? [] : [{ spot: spotOf(head, field), index }],
  );
  if (spots.length < walks.length) return undefined;
  return walks[spots.toSorted((a, b) => compareSpots(b.spot, a.spot, direction))[0]?.index ?? 0];
};

/** Looks at the next executions of a walk for those that are wanted. */
const lookFor = async (views: Views, walk: Walk, next: Along, most: number, limit: number) => {
  const meeting = walk.conditions.filter((condition) => !next.where.includes(condition));
  if (meeting.length > 0)
    return views.look<ExecutionDocument>('executions', { ...next, meeting, most, limit });
  const found = await views.find<ExecutionDocument>('executions', { ...next, limit });
  return { found, last: found.length < limit ? undefined : found.at(-1) };
};

/**
 * Walks an order from a place on, along the sparsest of the indexes that have it, until so many are found that are wanted or
 * the budget is used up: a condition that no index has in this order is met on the way.
 */
export const walkOrder = async (views: Views, walk: Walk, budget: Budget): Promise<Listed> => {
  const { plan, sort, wanted, keep } = walk;
  const found: Found[] = [];
  let [place, most, asked] = [walk.from, wanted * 2, wanted];
  for (;;) {
    const next = await furthest(views, walk, place);
    if (next === undefined) return { found, end: undefined };
    const left = Math.max(budget.left, 1);
    const looks = Math.min(most, left);
    const limit = Math.min(asked, left);
    const { found: met, last } = await lookFor(views, walk, next, looks, limit);
    const kept = await keep(met);
    found.push(...kept);
    budget.left -= Math.max(plan.walks.length, 1) + (met.length === limit ? limit : looks);
    if (last === undefined) return { found, end: undefined };
    place = spotOf(last, sort.field);
    if (found.length >= wanted || budget.left <= 0) return { found, end: place };
    most *= 4;
    // Of those that are hardly ever kept many are asked for at once.
    asked = kept.length === met.length ? wanted - found.length : Math.min(asked * 2, KEEP);
  }
};
