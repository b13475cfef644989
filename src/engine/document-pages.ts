import type { DocumentQuery, OrderBy, ReadModels, Scalar, StoredDocument } from '../ports/read-models.ts';

const PAGE = 500;

/** What documents are wanted, in the order of one field. */
export interface PagesQuery extends Pick<DocumentQuery, 'where'> {
  readonly orderBy: readonly [OrderBy];
}

/** Every document of a collection that meets a query, by page. Rejects as the store does. */
export async function* documentPages(
  readModels: ReadModels,
  collection: string,
  query: PagesQuery,
): AsyncGenerator<readonly StoredDocument[]> {
  const [{ field }] = query.orderBy;
  let last: StoredDocument | undefined;
  do {
    const after = last && { values: [last.doc[field] as Scalar], key: last.key };
    const page = await readModels.find(collection, {
      ...query,
      ...(after === undefined ? {} : { after }),
      limit: PAGE,
    });
    yield page;
    last = page.length < PAGE ? undefined : page.at(-1);
  } while (last !== undefined);
}
