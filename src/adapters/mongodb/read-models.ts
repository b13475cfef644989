import type { Collection, Db } from 'mongodb';
import {
  checkCollection,
  checkIndexes,
  checkLook,
  checkQuery,
  checkWhich,
  checkWrites,
} from '../../ports/read-models-checks.ts';
import type { ReadModels } from '../../ports/read-models.ts';
import { storedText } from '../../ports/stored-object.ts';
import { createCollections } from './collections.ts';
import { createConnection } from './connection.ts';
import { readProjections, writeProjection } from './projections.ts';
import { findDocuments, lookAlong, namedExactly } from './find.ts';
import { filterOf } from './query.ts';
import { BATCH, documentIn, READ_OPTIONS, type MongoDocument } from './values.ts';
import { writeDocuments } from './write.ts';

/** Where the read models are. */
export interface MongoReadModelsOptions {
  /** Connection string; its database is theirs (default `sagalog`). */
  readonly url: string;
  /** Milliseconds to look for a server before a call is given up (default 5,000); four times that for one that is silent. */
  readonly patience?: number;
}

const PATIENCE = 5_000;

const chunksOf = (keys: readonly string[]): readonly string[][] =>
  Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, n) => keys.slice(n * BATCH, (n + 1) * BATCH));

/**
 * Opens read models in MongoDB 4.4 or later: a single server, a replica set, or a cluster whose collections are
 * sharded by `_id`. No transactions are used. The server may be away: calls reject until it is there.
 * Rejects for a URL that is none.
 */
export const openMongoReadModels = async ({
  url,
  patience = PATIENCE,
}: MongoReadModelsOptions): Promise<ReadModels> => {
  const connection = createConnection(url, patience);
  const collections = createCollections();
  const documentsIn = (db: Db, collection: string): Collection<MongoDocument> =>
    db.collection<MongoDocument>(checkCollection(collection));

  return {
    prepare: (collection, indexes) =>
      connection.answer(async (db) => {
        checkIndexes(indexes);
        await collections.prepare(db, checkCollection(collection), indexes);
      }),

    reserve: (collection, indexes) =>
      connection.answer(async (db) => {
        checkIndexes(indexes);
        await collections.prepare(db, checkCollection(collection), []);
      }),

    load: (collection, keys) =>
      connection.answer(async (db) => {
        const documents = documentsIn(db, collection);
        const pages = chunksOf(keys).map((chunk) =>
          documents.find({ _id: { $in: chunk } }, READ_OPTIONS).toArray(),
        );
        const found = (await Promise.all(pages)).flat();
        return new Map(found.map(documentIn(collection)).map((document) => [document.key, document]));
      }),

    write: (collection, writes) =>
      connection.answer(async (db) => {
        checkWrites(writes);
        const documents = documentsIn(db, collection);
        await collections.demand(db, collection);
        return writeDocuments(documents, writes);
      }),

    find: (collection, query) =>
      connection.answer(async (db) => {
        checkQuery(query);
        return findDocuments(documentsIn(db, collection), query);
      }),

    findEach: (collection, queries) =>
      connection.answer(async (db) => {
        for (const query of queries) checkQuery(query);
        const documents = documentsIn(db, collection);
        // All are on their way at once. One pipeline of $unionWith need not keep the order of a page, and FerretDB 1 has none.
        return Promise.all(queries.map((query) => findDocuments(documents, query)));
      }),

    lookEach: (collection, looks) =>
      connection.answer(async (db) => {
        for (const look of looks) checkLook(look);
        const documents = documentsIn(db, collection);
        return Promise.all(looks.map((look) => lookAlong(documents, look)));
      }),

    scan: (collection, after, limit) =>
      connection.answer(async (db) => {
        const filter = after === undefined ? {} : { _id: { $gt: after } };
        const found = documentsIn(db, collection)
          .find<MongoDocument>(filter, { ...READ_OPTIONS, batchSize: limit })
          .sort({ _id: 1 })
          .limit(limit);
        return (await found.toArray()).map(({ _id: key, position, doc }) => ({
          key,
          position,
          text: storedText(doc),
        }));
      }),

    lastKey: (collection) =>
      connection.answer(async (db) => {
        const found = documentsIn(db, collection)
          .find<Pick<MongoDocument, '_id'>>({}, { ...READ_OPTIONS, projection: { _id: 1 } })
          .sort({ _id: -1 })
          .limit(1);
        return (await found.toArray())[0]?._id;
      }),

    // MongoDB makes the entries of its indexes of the documents themselves.
    strays: (collection) =>
      connection.answer(async () => {
        checkCollection(collection);
        return { strays: [], looked: 0, next: undefined };
      }),

    remove: (collection, which, upTo) =>
      connection.answer(async (db) => {
        checkWhich(which);
        const documents = documentsIn(db, collection);
        const filter = filterOf(await namedExactly(documents, which));
        await documents.deleteMany({ $and: [filter, { position: { $lte: upTo } }] });
      }),

    rename: (collection, name) =>
      connection.answer((db) => collections.rename(db, checkCollection(collection), checkCollection(name))),
    drop: (collection) => connection.answer((db) => collections.drop(db, checkCollection(collection))),
    projections: () => connection.answer(readProjections),
    saveProjection: (record) => connection.answer((db) => writeProjection(db, record)),
    ping: () => connection.answer(async (db) => void (await db.command({ ping: 1 }))),
    close: () => connection.close(),
  };
};
