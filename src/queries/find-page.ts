import type { Condition, OrderBy, StoredDocument } from '../ports/read-models.ts';
import { pageOf, placeOf, type ListName, type Page, type PageRequest } from './page.ts';
import type { WaitFor } from './queries.ts';
import type { ViewName, Views } from './views.ts';

/** A list of documents of a view. */
export interface ViewList<D> {
  readonly view: ViewName;
  /** What its cursors belong to; those of another list are refused. */
  readonly name: ListName;
  readonly where?: readonly Condition[];
  /** Its order, by a field that is a number; by keys unless given. */
  readonly by?: { readonly field: keyof D & string; readonly direction: OrderBy['direction'] };
  /** What has to reflect a position that is waited for; the view unless given. */
  readonly reflected?: readonly ViewName[];
}

/** A page of a list. Rejects with `Rejection` (`BAD_USER_INPUT`, `WAIT_TIMEOUT`). */
export const findPage = async <D>(
  views: Views,
  { view, name, where, by, reflected = [view] }: ViewList<D>,
  page: PageRequest,
  waitFor: WaitFor,
): Promise<Page<StoredDocument<D>>> => {
  const after =
    page.after === undefined ? {} : { after: placeOf(name, page.after, by === undefined ? 0 : 1) };
  await views.reflect(waitFor, ...reflected);
  const found = await views.find<D>(view, {
    ...(where === undefined ? {} : { where }),
    ...(by === undefined ? {} : { orderBy: [by] }),
    limit: page.first + 1,
    ...after,
  });
  return pageOf(found, page.first, name, ({ key, doc }) => ({
    values: by === undefined ? [] : [Number(doc[by.field])],
    key,
  }));
};
