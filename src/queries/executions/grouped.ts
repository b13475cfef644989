import type { Condition, OrderBy, Scalar } from '../../ports/read-models.ts';
import type { ActiveDocument } from '../../projections/active.projection.ts';
import type { Views } from '../views.ts';
import type { Found, Spot } from './compare.ts';
import { listInOrder } from './gather.ts';
import type { GroupField } from './order.ts';
import { STATUSES } from './statuses.ts';
import type { Budget, Keep } from './walk.ts';

/** A place in a list of groups: which of them, and where in it. */
export interface GroupedSpot {
  readonly group: string;
  readonly spot: Spot;
}

/** The next executions of a list of groups. */
export interface Grouped {
  readonly found: readonly Found[];
  readonly end: GroupedSpot | undefined;
}

/** What is listed: by which groups, from where on, and how many. */
export interface GroupedList {
  readonly by: GroupField;
  readonly direction: OrderBy['direction'];
  readonly from: GroupedSpot | undefined;
  readonly wanted: number;
  readonly keep: Keep;
}

/** Workflows whose names are read in one go. */
const NAMES = 50;

async function* workflows(
  views: Views,
  direction: OrderBy['direction'],
  from: string | undefined,
): AsyncGenerator<string> {
  const op = direction === 'asc' ? 'gte' : 'lte';
  let where: readonly Condition[] = from === undefined ? [] : [{ field: 'workflow', op, value: from }];
  for (;;) {
    const orderBy = [{ field: 'workflow', direction }] as const;
    const page = await views.find<ActiveDocument>('active', { where, orderBy, limit: NAMES });
    // Each tenant has counters of its own.
    yield* new Set(page.map(({ doc }) => doc.workflow));
    const last = page.at(-1);
    if (page.length < NAMES || last === undefined) return;
    where = [{ field: 'workflow', op: direction === 'asc' ? 'gt' : 'lt', value: last.doc.workflow }];
  }
}

/** The groups that there may be executions of, from one on. */
const groupsOf = (
  views: Views,
  conditions: readonly Condition[],
  { by, direction, from }: GroupedList,
): AsyncIterable<string> | Iterable<string> => {
  const given = conditions.find(({ field }) => field === by);
  if (given === undefined && by === 'workflow') return workflows(views, direction, from?.group);
  const names: readonly string[] = given === undefined ? STATUSES : valuesOf(given).map(String);
  const order = direction === 'asc' ? names.toSorted() : names.toSorted().toReversed();
  const start = from?.group;
  const isBehind = (name: string, place: string) => (direction === 'asc' ? name >= place : name <= place);
  return new Set(order.filter((name) => start === undefined || isBehind(name, start)));
};

const valuesOf = (condition: Condition): readonly Scalar[] => {
  if (condition.op === 'in') return condition.values;
  return 'value' in condition ? [condition.value] : [];
};

/** Behind every execution of a group. */
const endOf = (direction: OrderBy['direction']): Spot => ({
  value: direction === 'asc' ? Number.MAX_SAFE_INTEGER : 0,
  key: '',
});

/** The next executions that meet some conditions, group by group: each has them by their start in the same direction. */
export const listInGroups = async (
  views: Views,
  conditions: readonly Condition[],
  list: GroupedList,
  budget: Budget,
): Promise<Grouped> => {
  const { by, direction, from, wanted, keep } = list;
  const others = conditions.filter(({ field }) => field !== by);
  const found: Found[] = [];
  for await (const group of groupsOf(views, conditions, list)) {
    const listed = await listInOrder(
      views,
      [...others, { field: by, op: 'eq', value: group }],
      {
        sort: { field: 'startedAt', direction },
        from: group === from?.group ? from.spot : undefined,
        wanted: wanted - found.length,
        keep,
      },
      budget,
    );
    found.push(...listed.found);
    if (found.length >= wanted || budget.left <= 0)
      return { found, end: { group, spot: listed.end ?? endOf(direction) } };
  }
  return { found, end: undefined };
};
