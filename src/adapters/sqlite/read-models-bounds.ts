import type { Condition, DocumentQuery } from '../../ports/read-models.ts';

const OPERATORS: readonly string[] = ['gt', 'gte', 'lt', 'lte'];

/** Whether a condition bounds a field by a number: nothing is no more and no less than any. */
const bounds =
  (field: string) =>
  (condition: Condition): condition is Extract<Condition, { readonly value: unknown }> & { value: number } =>
    condition.field === field &&
    OPERATORS.includes(condition.op) &&
    'value' in condition &&
    typeof condition.value === 'number';

/** Whether all that a query is about has a value in a field. */
export const hasValueIn = ({ where = [] }: DocumentQuery, field: string): boolean =>
  where.some(bounds(field));

// Every number is at least this: what has no value is left out by it all the same.
const anyNumber = (field: string): Condition => ({ field, op: 'gte', value: -Number.MAX_VALUE });

/**
 * A query without the bounds that the place says more of from which it goes on: an index is entered by one bound of them,
 * and if that is not the place, everything before the place is passed again on each page.
 */
export const withoutPassedBounds = (query: DocumentQuery): DocumentQuery => {
  const { where = [], orderBy: [order] = [], after } = query;
  const place = after?.values[0];
  if (order === undefined || typeof place !== 'number') return query;
  const isBound = bounds(order.field);
  const isPassed = (condition: Condition): boolean => {
    if (!isBound(condition)) return false;
    const { op, value } = condition;
    if (order.direction === 'asc') return op === 'gte' ? value <= place : op === 'gt' && value < place;
    return op === 'lte' ? value >= place : op === 'lt' && value > place;
  };
  const left = where.filter((condition) => !isPassed(condition));
  if (left.length === where.length) return query;
  // What has no value is behind a place only where the order goes down.
  const isLet = order.direction === 'asc' || left.some(isBound);
  return { ...query, where: isLet ? left : [...left, anyNumber(order.field)] };
};
