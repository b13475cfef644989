import type { Collection } from 'mongodb';
import type { DocumentQuery, Look, Looked, StoredDocument, Which } from '../../ports/read-models.ts';
import { mongoQuery, upTo } from './query.ts';
import { firstWithin, hasSpans } from './spans.ts';
import { BATCH, documentIn, READ_OPTIONS, scalarIn, type MongoDocument, type MongoFilter } from './values.ts';

/** A page of documents, by a query that fits together, of those that meet more besides. */
export const findDocuments = async (
  documents: Collection<MongoDocument>,
  query: DocumentQuery,
  more: readonly MongoFilter[] = [],
): Promise<readonly StoredDocument[]> => {
  const { limit } = query;
  // To MongoDB this means no limit.
  if (limit === 0) return [];
  const { filter, sort } = mongoQuery(query);
  const options = { ...READ_OPTIONS, batchSize: Math.min(limit, BATCH) };
  const found = documents.find<MongoDocument>(
    more.length === 0 ? filter : { $and: [filter, ...more] },
    options,
  );
  const ordered = query.anyOrder === true ? found : found.sort(sort);
  if (hasSpans(query)) return firstWithin(ordered.map(documentIn(documents.collectionName)), query);
  return (await ordered.limit(limit).toArray()).map(documentIn(documents.collectionName));
};

/** The same documents, by key where not every server makes of it what it says. */
export const namedExactly = async (documents: Collection<MongoDocument>, which: Which): Promise<Which> => {
  if ('keyIn' in which || !hasSpans({ where: which })) return which;
  const query = { where: which, anyOrder: true, limit: Number.MAX_SAFE_INTEGER } as const;
  return { keyIn: (await findDocuments(documents, query)).map(({ key }) => key) };
};

/** The document that stands so many behind the first of a query; `undefined` when there are not as many. */
const nth = async (
  documents: Collection<MongoDocument>,
  query: DocumentQuery,
  behind: number,
): Promise<StoredDocument | undefined> => {
  // What spans say is not what every server makes of them.
  if (hasSpans(query)) return (await findDocuments(documents, query))[behind];
  const { filter, sort } = mongoQuery(query);
  const found = documents.find<MongoDocument>(filter, READ_OPTIONS).sort(sort).skip(behind).limit(1);
  return (await found.toArray()).map(documentIn(documents.collectionName))[0];
};

/**
 * Looks along an order: where it ends is found first, so that nothing which is written in between moves what stands before
 * that out of the look.
 */
export const lookAlong = async (
  documents: Collection<MongoDocument>,
  { where, orderBy, after, meeting, most, limit }: Look,
): Promise<Looked> => {
  const query = { where, orderBy, ...(after === undefined ? {} : { after }) };
  const last = await nth(documents, { ...query, limit: most }, most - 1);
  const wanted = { ...query, where: [...where, ...meeting], limit };
  const placeOf = ({ key, doc }: StoredDocument) => ({
    key,
    values: orderBy.map(({ field }) => scalarIn(doc, field)),
  });
  const end = last === undefined ? [] : [upTo(orderBy, placeOf(last))];
  const found = await findDocuments(documents, wanted, end);
  return { found, last: found.length === limit ? found.at(-1) : last };
};
