import type { Condition } from '../../ports/read-models.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import type { Views } from '../views.ts';
import { compareSpots, meetsAll, spotOf, type Found } from './compare.ts';
import { planOf, supersetsOf } from './plan.ts';
import { walkOrder, type Budget, type Keep, type Listed, type Walk } from './walk.ts';

/** More than this are not sorted for an answer. */
const FEW = 500;

/** All that meet some conditions, when some index has few of them; `undefined` when none has. */
export const gatherFew = async (
  views: Views,
  conditions: readonly Condition[],
): Promise<readonly Found[] | undefined> => {
  for (const query of supersetsOf(conditions)) {
    const found = await views.find<ExecutionDocument>('executions', { ...query, limit: FEW + 1 });
    if (found.length <= FEW) return found.filter((one) => meetsAll(one, conditions));
  }
  return undefined;
};

/**
 * The next executions that meet some conditions, in an order. Where they are dense in it, they are met on the way; where
 * they are few, they are sorted; where they are neither, the answer ends early and says where it goes on.
 */
export const listInOrder = async (
  views: Views,
  conditions: readonly Condition[],
  { sort, from, wanted, keep }: Omit<Walk, 'plan'>,
  budget: Budget,
): Promise<Listed> => {
  const plan = planOf(conditions, sort.field);
  const keepMeeting: Keep = (found) => keep(found.filter((one) => meetsAll(one, conditions)));
  const walked = await walkOrder(views, { plan, sort, from, wanted, keep: keepMeeting }, budget);
  if (walked.end === undefined || walked.found.length >= wanted) return walked;
  const few = await gatherFew(views, conditions);
  if (few === undefined) return walked;
  const { field, direction } = sort;
  const behind = few
    .map((one) => ({ one, spot: spotOf(one, field) }))
    .filter(({ spot }) => from === undefined || compareSpots(spot, from, direction) > 0)
    .toSorted((a, b) => compareSpots(a.spot, b.spot, direction));
  const kept = await keep(behind.map(({ one }) => one));
  return { found: kept.slice(0, wanted), end: undefined };
};
