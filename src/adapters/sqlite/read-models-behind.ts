import type { OrderBy, Scalar } from '../../ports/read-models.ts';
import { equals } from './read-models-conditions.ts';
import { sql, type Sql } from './read-models-sql.ts';

/** One term of an order: SQL of its value, its direction, and its value at the place to go on from. */
export interface Term {
  readonly value: string;
  readonly direction: OrderBy['direction'];
  readonly place: Scalar;
  /** Every row has one. */
  readonly always?: boolean;
}

/** Conditions that must all hold. */
export type Conjunction = readonly Sql[];

// Null is below everything in the order, though it is not less than anything in a condition. Whatever is not null
// is at least minus infinity, in a form that an index is entered by.
const beyond = ({ value, direction, place, always = false }: Term): readonly Sql[] => {
  if (direction === 'asc') {
    return [place === null ? sql(`${value} >= ?`, Number.NEGATIVE_INFINITY) : sql(`${value} > ?`, place)];
  }
  if (place === null) return [];
  const less = sql(`${value} < ?`, place);
  return always ? [less] : [less, sql(`${value} IS NULL`)];
};

/**
 * Everything strictly behind a place, as parts that have nothing in common: further by the first term, or equal by it
 * and further by the next, and so on. Each is one stretch of an index in that order.
 */
export const behind = (terms: readonly Term[]): readonly Conjunction[] =>
  terms.flatMap((term, index) => {
    const equal = terms.slice(0, index).map((earlier) => equals(earlier, earlier.place));
    return beyond(term).map((further) => [...equal, further]);
  });
