import type { Condition } from '../../ports/read-models.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import type { Views } from '../views.ts';
import { compareSpots, meetsAll, spotOf, type Found } from './compare.ts';
import { planOf, supersetsOf, type Superset } from './plan.ts';
import { walkOrder, type Budget, type Listed, type Walk } from './walk.ts';

/** More than this are not sorted for an answer. */
const FEW = 500;

/** All that meet some conditions, when some index has few of them; `undefined` when none has. */
export const gatherFew = async (
  views: Views,
  conditions: readonly Condition[],
): Promise<readonly Found[] | undefined> => {
  for (const superset of supersetsOf(conditions)) {
    const found = await fewOf(views, superset, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
};

const fewOf = async (
  views: Views,
  { where, orderBy }: Superset,
  conditions: readonly Condition[],
): Promise<readonly Found[] | undefined> => {
  if (orderBy === undefined) {
    const query = { where, anyOrder: true, limit: FEW + 1 } as const;
    const found = await views.find<ExecutionDocument>('executions', query);
    return found.length > FEW ? undefined : found.filter((one) => meetsAll(one, conditions));
  }
  const meeting = conditions.filter((condition) => !where.includes(condition));
  const look = { where, orderBy, meeting, most: FEW, limit: FEW };
  const { found, last } = await views.look<ExecutionDocument>('executions', look);
  return last === undefined ? found : undefined;
};

/**
 * The next executions that meet some conditions, in an order. Where they are dense in it, they are met on the way; where
 * they are few, they are sorted; where they are neither, the answer ends early and says where it goes on.
 */
export const listInOrder = async (
  views: Views,
  conditions: readonly Condition[],
  { sort, from, wanted, keep }: Omit<Walk, 'plan' | 'conditions'>,
  budget: Budget,
): Promise<Listed> => {
  const plan = planOf(conditions, sort.field);
  const walked = await walkOrder(views, { plan, conditions, sort, from, wanted, keep }, budget);
  if (walked.end === undefined || walked.found.length >= wanted) return walked;
  const few = await gatherFew(views, conditions);
  return few === undefined
    ? walked
    : { found: await sorted(few, { sort, from, wanted, keep }), end: undefined };
};

/** Those of a few that stand behind a place, in their order. */
const sorted = async (
  few: readonly Found[],
  { sort: { field, direction }, from, wanted, keep }: Omit<Walk, 'plan' | 'conditions'>,
): Promise<readonly Found[]> => {
  const behind = few
    .map((one) => ({ one, spot: spotOf(one, field) }))
    .filter(({ spot }) => from === undefined || compareSpots(spot, from, direction) > 0)
    .toSorted((a, b) => compareSpots(a.spot, b.spot, direction));
  return (await keep(behind.map(({ one }) => one))).slice(0, wanted);
};
