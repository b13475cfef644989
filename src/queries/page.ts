import type { Json } from '../domain/json.ts';
import { Rejection } from '../domain/rejection.ts';

/** What page is wanted: the first so many behind a cursor. */
export interface PageRequest {
  readonly first: number;
  /** A cursor of an earlier page of the same query. */
  readonly after: string | undefined;
}

/** One item of a page, and the cursor that the next page goes on behind, which is made when it is asked for. */
export interface PageItem<T> {
  readonly cursor: string;
  readonly node: T;
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly PageItem<T>[];
  readonly hasNextPage: boolean;
  /** Where the next page goes on, when that is not behind the last item: fewer were found than are wanted so far. */
  readonly endCursor?: string;
}

/** A place in a list: the values that it is ordered by, and the key of the item there. */
export interface Place {
  readonly values: readonly number[];
  readonly key: string;
}

/** What a cursor belongs to: a list in an order. Another list's cursor is refused. */
export type ListName = string;

const refused = (found: string): Rejection =>
  new Rejection(
    'BAD_USER_INPUT',
    `Expected a cursor that this list gave in this order, but found ${JSON.stringify(found.slice(0, 100))}.`,
    {
      field: 'after',
      found: found.slice(0, 100),
      expected: 'endCursor of an earlier page of the same query',
    },
  );

/** The opaque cursor of a place in a list. */
export const cursorOf = (list: ListName, { values, key }: Place): string =>
  Buffer.from(JSON.stringify([list, key, ...values])).toString('base64url');

const read = (cursor: string): Json => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Json;
  } catch {
    throw refused(cursor);
  }
};

/** Lists are ordered by times, revisions and the like. */
const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/**
 * The place that a cursor stands for; with `fewest` values where some items have nothing that they are ordered by. Throws
 * `Rejection` (`BAD_USER_INPUT`) for what is no cursor of this list.
 */
export const placeOf = (list: ListName, cursor: string, values: number, fewest = values): Place => {
  const found = read(cursor);
  if (!Array.isArray(found)) throw refused(cursor);
  const [, key, ...rest] = found as readonly unknown[];
  const isLong = rest.length <= values && rest.length >= fewest;
  if (typeof key !== 'string' || !isLong || !rest.every(isPlace)) throw refused(cursor);
  const place = { key, values: rest };
  // Besides another list's: decoding overlooks what is not base64url, and JSON has spaces.
  if (cursorOf(list, place) !== cursor) throw refused(cursor);
  return place;
};

/** An item of a page, the place of which is told by a cursor: most who ask for a page want one cursor of it. */
export const itemOf = <T>(node: T, cursor: (node: T) => string): PageItem<T> => ({
  node,
  get cursor() {
    return cursor(node);
  },
});

/** A page of what was found when one more than the page was asked for. */
export const pageOf = <T>(
  found: readonly T[],
  first: number,
  list: ListName,
  place: (item: T) => Place,
): Page<T> => ({
  items: found.slice(0, first).map((node) => itemOf(node, (item) => cursorOf(list, place(item)))),
  hasNextPage: found.length > first,
});
