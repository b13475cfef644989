import type { CollectionIndex, Condition, DocumentQuery } from '../../src/ports/read-models.ts';

const isEqual = ({ op }: Condition): boolean => op === 'eq' || op === 'in' || op === 'has';

/** Fields of an index as MongoDB has them, without the key that is the last of each. */
const pathOf = ({ each, fields }: CollectionIndex): readonly string[] =>
  each === undefined ? fields : [each, ...fields];

const isServedBy = (path: readonly string[], { where = [], orderBy = [] }: DocumentQuery): boolean => {
  const equal = new Set(where.filter(isEqual).map(({ field }) => field));
  const directions = new Set(orderBy.map(({ direction }) => direction));
  const found = path.findIndex((field) => !equal.has(field));
  const begun = found === -1 ? path.length : found;
  const sorted = orderBy.map(({ field }) => field).filter((field) => !equal.has(field));
  if (sorted.length > 0) return directions.size === 1 && path.slice(begun).join() === sorted.join();
  // By the key: behind what is equal it is the next in the index, and otherwise that of the keys.
  return begun === path.length;
};

/**
 * Whether MongoDB comes by what a query is about in its order in an index, from where it begins to its limit: first what is
 * equal, then what it is sorted by, to the key, which it is always sorted by last; the rest is asked of what is met.
 */
export const isServed = (indexes: readonly CollectionIndex[], query: DocumentQuery): boolean => {
  const { where = [], orderBy = [], anyOrder } = query;
  const paths = indexes.map(pathOf);
  if (anyOrder === true) return paths.some(([first]) => where.some(({ field }) => field === first));
  if (where.length === 0 && orderBy.length === 0) return true;
  return paths.some((path) => isServedBy(path, query));
};
