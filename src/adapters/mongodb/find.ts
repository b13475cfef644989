import type { Collection } from 'mongodb';
import type { DocumentQuery, StoredDocument } from '../../ports/read-models.ts';
import { mongoQuery } from './query.ts';
import { firstWithin, hasSpans } from './spans.ts';
import { BATCH, documentOf, READ_OPTIONS, type MongoDocument } from './values.ts';

/** A page of documents, by a query that fits together. */
export const findDocuments = async (
  documents: Collection<MongoDocument>,
  query: DocumentQuery,
): Promise<readonly StoredDocument[]> => {
  const { limit } = query;
  // To MongoDB this means no limit.
  if (limit === 0) return [];
  const { filter, sort } = mongoQuery(query);
  const found = documents.find<MongoDocument>(filter, { ...READ_OPTIONS, batchSize: Math.min(limit, BATCH) });
  const ordered = query.anyOrder === true ? found : found.sort(sort);
  if (hasSpans(query)) return firstWithin(ordered.map(documentOf), query);
  return (await ordered.limit(limit).toArray()).map(documentOf);
};
