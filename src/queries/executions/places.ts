import { cursorOf, itemOf, placeOf, type ListName, type Page, type PageItem } from '../page.ts';
import { spotOf, type Found, type Spot } from './compare.ts';
import type { GroupedSpot } from './grouped.ts';
import type { GroupField, SortField } from './order.ts';

/** The place that a cursor of a list in the order of a field stands for. Throws `Rejection` (`BAD_USER_INPUT`). */
export const sortedSpotOf = (list: ListName, field: SortField, cursor: string): Spot => {
  const isAlwaysThere = field === 'startedAt' || field === 'updatedAt';
  const { values, key } = placeOf(list, cursor, 1, isAlwaysThere ? 1 : 0);
  return { value: values[0] ?? null, key };
};

const sortedCursor = (list: ListName, { value, key }: Spot): string =>
  cursorOf(list, { values: value === null ? [] : [value], key });

/** The place that a cursor of a list of groups stands for. Throws `Rejection` (`BAD_USER_INPUT`). */
export const groupedSpotOf = (list: ListName, cursor: string): GroupedSpot => {
  const { values, key } = placeOf(list, cursor, 1);
  // Neither names of workflows nor statuses have spaces in them.
  const [group = '', ...rest] = key.split(' ');
  return { group, spot: { value: values[0] ?? null, key: rest.join(' ') } };
};

const groupedCursor = (list: ListName, { group, spot: { value, key } }: GroupedSpot): string =>
  sortedCursor(list, { value, key: `${group} ${key}` });

const pageOfFound = (
  found: readonly Found[],
  first: number,
  cursor: (one: Found) => string,
  end: string | undefined,
): Page<Found> => {
  const items: readonly PageItem<Found>[] = found.slice(0, first).map((node) => itemOf(node, cursor));
  if (found.length > first || end === undefined) return { items, hasNextPage: found.length > first };
  return { items, hasNextPage: true, endCursor: end };
};

/** A page of what was found in the order of a field, when one more than the page was asked for. */
export const sortedPage = (
  { found, end }: { readonly found: readonly Found[]; readonly end: Spot | undefined },
  first: number,
  list: ListName,
  field: SortField,
): Page<Found> =>
  pageOfFound(found, first, (one) => sortedCursor(list, spotOf(one, field)), end && sortedCursor(list, end));

/** A page of what was found by groups, when one more than the page was asked for. */
export const groupedPage = (
  { found, end }: { readonly found: readonly Found[]; readonly end: GroupedSpot | undefined },
  first: number,
  list: ListName,
  by: GroupField,
): Page<Found> =>
  pageOfFound(
    found,
    first,
    (one) => groupedCursor(list, { group: one.doc[by], spot: spotOf(one, 'startedAt') }),
    end && groupedCursor(list, end),
  );
