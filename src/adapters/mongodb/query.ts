import type { Condition, DocumentQuery, OrderBy, Scalar, Which } from '../../ports/read-models.ts';
import { listPathOf, pathOf } from './names.ts';
import type { MongoFilter } from './values.ts';

/** A query in MongoDB's words. */
export interface MongoQuery {
  readonly filter: MongoFilter;
  readonly sort: [string, 1 | -1][];
}

// No filter may be empty of alternatives.
const NOTHING: MongoFilter = { _id: { $in: [] } };

const any = (filters: readonly MongoFilter[]): MongoFilter =>
  filters.length === 1 && filters[0] !== undefined ? filters[0] : { $or: [...filters] };

const all = (filters: readonly MongoFilter[]): MongoFilter => {
  if (filters.length === 0) return {};
  return filters.length === 1 && filters[0] !== undefined ? filters[0] : { $and: [...filters] };
};

const is = (path: string, operator: string, value: unknown): MongoFilter => ({
  [path]: { [operator]: value },
});

const isNull = (path: string): MongoFilter => is(path, '$eq', null);

// A comparison finds only values of the type that it compares with. JSON has no infinities.
const isNumber = (path: string): MongoFilter => is(path, '$gte', -Number.MAX_VALUE);
const isString = (path: string): MongoFilter => is(path, '$gte', '');

/** Every string is more than any number. */
const compared = (path: string, op: 'gt' | 'gte' | 'lt' | 'lte', value: string | number): MongoFilter => {
  const within = is(path, `$${op}`, value);
  if (op === 'gt' || op === 'gte') return typeof value === 'number' ? any([within, isString(path)]) : within;
  return typeof value === 'string' ? any([within, isNumber(path)]) : within;
};

const meets = (condition: Condition): MongoFilter => {
  if (condition.op === 'has') {
    const { values, field } = condition;
    return values.length === 0 ? NOTHING : is(listPathOf(field), '$in', [...values]);
  }
  if (condition.op === 'hasWithin')
    // Of one text both must hold.
    return is(listPathOf(condition.field), '$elemMatch', { $gte: condition.from, $lt: condition.before });
  const path = pathOf(condition.field);
  if (condition.op === 'in') return is(path, '$in', [...condition.values]);
  const { op, value } = condition;
  if (op === 'eq') return is(path, '$eq', value);
  if (value !== null) return compared(path, op, value);
  return op === 'gte' || op === 'lte' ? isNull(path) : NOTHING;
};

/** One term of the order, and its value at the place to go on from. */
interface Term {
  readonly path: string;
  readonly direction: OrderBy['direction'];
  readonly value: Scalar;
}

// Null is below everything in the order, though it is not less than anything in a condition.
const strictlyBehind = ({ path, direction, value }: Term): MongoFilter => {
  if (direction === 'asc') {
    return value === null ? any([isNumber(path), isString(path)]) : compared(path, 'gt', value);
  }
  return value === null ? NOTHING : any([compared(path, 'lt', value), isNull(path)]);
};

/** What is behind a place: further by the first term, or equal by it and further by the next, and so on. */
const behind = (terms: readonly Term[], key: MongoFilter): MongoFilter =>
  any(
    [...terms.map(strictlyBehind), key].map((further, index) => all([...equalBefore(terms, index), further])),
  );

// Says nothing that `behind` does not; but only by it an index is entered where the place is, and not at its begin.
const startOf = (term: Term | undefined): readonly MongoFilter[] =>
  typeof term?.value === 'number'
    ? [is(term.path, '$not', { [term.direction === 'asc' ? '$lt' : '$gt']: term.value })]
    : [];

// The same of the other end.
const endOf = (term: Term | undefined): readonly MongoFilter[] =>
  typeof term?.value === 'number'
    ? [is(term.path, '$not', { [term.direction === 'asc' ? '$gt' : '$lt']: term.value })]
    : [];

/** Up to a place in the order of a query, itself included. */
export const upTo = (
  orderBy: readonly OrderBy[],
  place: { readonly values: readonly Scalar[]; readonly key: string },
): MongoFilter => {
  const terms = termsOf(orderBy, place.values);
  return all([...endOf(terms[0]), { $nor: [behind(terms, keyBehind(orderBy, place.key))] }]);
};

const keyBehind = (orderBy: readonly OrderBy[], key: string): MongoFilter =>
  is('_id', (orderBy.at(-1)?.direction ?? 'asc') === 'asc' ? '$gt' : '$lt', key);

const termsOf = (orderBy: readonly OrderBy[], values: readonly Scalar[]): readonly Term[] =>
  orderBy.map(({ field, direction }, index) => ({
    path: pathOf(field),
    direction,
    value: values[index] ?? null,
  }));

const equalBefore = (terms: readonly Term[], index: number): readonly MongoFilter[] =>
  terms.slice(0, index).map(({ path, value }) => is(path, '$eq', value));

/** What a query is about and in which order; its limit is left to the caller. */
export const mongoQuery = ({ where = [], orderBy = [], after }: DocumentQuery): MongoQuery => {
  const filters = where.map(meets);
  const last = orderBy.at(-1)?.direction ?? 'asc';
  if (after !== undefined) {
    const terms = termsOf(orderBy, after.values);
    filters.push(...startOf(terms[0]), behind(terms, keyBehind(orderBy, after.key)));
  }
  // The key comes last, and a field that is named twice is sorted by the first time.
  const sort = new Map<string, 1 | -1>();
  for (const { field, direction } of orderBy) {
    if (!sort.has(pathOf(field))) sort.set(pathOf(field), sign(direction));
  }
  return { filter: all(filters), sort: [...sort, ['_id', sign(last)]] };
};

/** The documents that are named. */
export const filterOf = (which: Which): MongoFilter =>
  'keyIn' in which ? { _id: { $in: [...which.keyIn] } } : all(which.map(meets));

const sign = (direction: OrderBy['direction']): 1 | -1 => (direction === 'asc' ? 1 : -1);
