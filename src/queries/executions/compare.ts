import type { Condition, OrderBy, Scalar, StoredDocument } from '../../ports/read-models.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import type { SortField } from './order.ts';

/** An execution as the view has it. */
export type Found = StoredDocument<ExecutionDocument>;

/** A place in a list that is in the order of one field. */
export interface Spot {
  readonly value: number | null;
  readonly key: string;
}

/** Where an execution stands. */
export const spotOf = ({ key, doc }: Found, field: SortField): Spot => ({ value: doc[field], key });

/** Nothing comes before every number. */
const compareValues = (a: number | null, b: number | null): number => {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a - b;
};

/** Which of two places comes first in a direction: below zero for the first of them. */
export const compareSpots = (a: Spot, b: Spot, direction: OrderBy['direction']): number => {
  const keys = a.key === b.key ? 0 : a.key < b.key ? -1 : 1;
  const difference = compareValues(a.value, b.value) || keys;
  return direction === 'asc' ? difference : -difference;
};

type Compared = Extract<Condition, { readonly value: Scalar }>;

/** Nothing is neither more nor less than a number. */
const isCompared = (found: Scalar, { op, value }: Compared): boolean => {
  if (op === 'eq') return found === value;
  if (typeof found !== 'number' || typeof value !== 'number') return false;
  switch (op) {
    case 'gt':
      return found > value;
    case 'gte':
      return found >= value;
    case 'lt':
      return found < value;
    case 'lte':
      return found <= value;
    default:
      return op satisfies never;
  }
};

const compareTexts = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const meets = (doc: ExecutionDocument, condition: Condition): boolean => {
  switch (condition.op) {
    case 'has':
      return doc.terms.some((term) => condition.values.includes(term));
    case 'hasWithin': {
      const { from, before } = condition;
      return doc.terms.some((term) => compareTexts(term, from) >= 0 && compareTexts(term, before) < 0);
    }
    case 'in':
      return condition.values.includes(doc[condition.field as SortField]);
    default:
      return isCompared(doc[condition.field as SortField], condition);
  }
};

/** Whether an execution meets all of some conditions, as the store would say. */
export const meetsAll = ({ doc }: Found, conditions: readonly Condition[]): boolean =>
  conditions.every((condition) => meets(doc, condition));
