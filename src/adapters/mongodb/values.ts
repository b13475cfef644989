import type { Filter, ObjectId } from 'mongodb';
import type { Json, JsonObject } from '../../domain/json.ts';
import { textsIn } from '../../ports/read-models-lists.ts';
import type { DocumentWrite, Scalar, StoredDocument } from '../../ports/read-models.ts';
import { objectIn } from '../../ports/stored-object.ts';
import { isQueried } from './names.ts';

/**
 * A document as it is stored. `doc` is the document's JSON text, because BSON would not give everything back as it
 * was: names with dots, dollars or NUL, -0, halves of surrogate pairs, more than 100 levels. Its strings and numbers are there
 * once more as `fields`, for filters, sorts and whoever looks in with MongoDB's own tools, and the texts of its lists as
 * `lists`, where it has any.
 */
export interface MongoDocument {
  readonly _id: string;
  readonly position: bigint;
  /** The call that wrote it, and so that one can find out what it has written. */
  readonly write: ObjectId;
  readonly fields: Readonly<Record<string, Scalar>>;
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly doc: string;
}

/** A condition on documents as they are stored. */
export type MongoFilter = Filter<MongoDocument>;

// Anything else counts as null when it is sorted or asked for, and so does what is not there.
const isSorted = (value: Json): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

/** What a field of a document is sorted by. */
export const scalarIn = (doc: JsonObject, field: string): Scalar => fieldsOf(doc)[field] ?? null;

const fieldsOf = (doc: JsonObject): Record<string, Scalar> =>
  Object.fromEntries(
    Object.entries(doc).filter(
      (entry): entry is [string, string | number] => isQueried(entry[0]) && isSorted(entry[1]),
    ),
  );

const listsOf = (doc: JsonObject): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(doc)
      .filter(([field]) => isQueried(field))
      .map(([field, value]) => [field, textsIn(value)] as const)
      .filter(([, texts]) => texts.length > 0),
  );

/** What is stored of a write but its key. */
export const storedOf = ({ doc, position }: DocumentWrite, write: ObjectId): Omit<MongoDocument, '_id'> => {
  const lists = listsOf(doc);
  return {
    position,
    write,
    fields: fieldsOf(doc),
    ...(Object.keys(lists).length === 0 ? {} : { lists }),
    doc: JSON.stringify(doc),
  };
};

/** What a reader needs of a document. */
export const READ = { _id: 1, position: 1, doc: 1 } as const;

/** How documents are read. Positions are 64 bits; by default the driver would read them as numbers. */
export const READ_OPTIONS = { projection: READ, useBigInt64: true } as const;

/** Most keys of one request, and documents of one answer. */
export const BATCH = 1_000;

/** Stored documents of a collection as they were written. Throws `CorruptDocument`. */
export const documentIn =
  (collection: string) =>
  ({ _id: key, position, doc }: Pick<MongoDocument, keyof typeof READ>): StoredDocument => ({
    key,
    position,
    doc: objectIn(collection, key, position, doc),
  });
