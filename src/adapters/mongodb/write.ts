import {
  MongoBulkWriteError,
  ObjectId,
  type AnyBulkWriteOperation,
  type BulkWriteResult,
  type Collection,
} from 'mongodb';
import type { DocumentWrite } from '../../ports/read-models.ts';
import { isTaken, unavailable } from './errors.ts';
import { storedOf, type MongoDocument } from './values.ts';

type Operation = AnyBulkWriteOperation<MongoDocument>;

const operationOf = (write: DocumentWrite, call: ObjectId): Operation => {
  const { key, expected } = write;
  const replacement = storedOf(write, call);
  return expected === undefined
    ? { insertOne: { document: { _id: key, ...replacement } } }
    : { replaceOne: { filter: { _id: key, position: expected }, replacement } };
};

interface Outcome {
  readonly replaced: number;
  /** Which operations found their key taken. */
  readonly taken: readonly number[];
}

const outcomeOf = (result: BulkWriteResult, taken: readonly number[]): Outcome => {
  const late = result.getWriteConcernError();
  // It may stay or be rolled back: nobody knows yet.
  if (late !== undefined) throw unavailable(late.errmsg ?? 'most of its servers do not');
  return { replaced: result.matchedCount, taken };
};

const send = async (
  collection: Collection<MongoDocument>,
  operations: readonly Operation[],
): Promise<Outcome> => {
  try {
    return outcomeOf(await collection.bulkWrite(operations, { ordered: false }), []);
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const errors = [error.writeErrors].flat();
    // The driver wraps whatever was in the way, and what it wraps says what it was.
    if (errors.length === 0) throw error.errorResponse instanceof Error ? error.errorResponse : error;
    if (!errors.every(isTaken)) throw error;
    return outcomeOf(
      error.result,
      errors.map(({ index }) => index),
    );
  }
};

/**
 * Which of several replacements were made, of which MongoDB says only how many there were: those that carry the call.
 * One that somebody has written over within this moment counts as lost. Who folds then finds that nothing is left to do.
 */
const replacedBy = async (
  collection: Collection<MongoDocument>,
  keys: readonly string[],
  call: ObjectId,
): Promise<ReadonlySet<string>> => {
  const found = collection.find({ _id: { $in: [...keys] }, write: call }, { projection: { _id: 1 } });
  return new Set((await found.toArray()).map(({ _id }) => _id));
};

/** Writes documents, each under its guard; answers the keys of those that were not. */
export const writeDocuments = async (
  collection: Collection<MongoDocument>,
  writes: readonly DocumentWrite[],
): Promise<readonly string[]> => {
  if (writes.length === 0) return [];
  const call = new ObjectId();
  const { replaced, taken } = await send(
    collection,
    writes.map((write) => operationOf(write, call)),
  );
  const lost = new Set(taken.flatMap((index) => writes[index]?.key ?? []));
  const replacements = writes.flatMap(({ key, expected }) => (expected === undefined ? [] : [key]));
  if (replaced < replacements.length) {
    const done = replaced === 0 ? new Set() : await replacedBy(collection, replacements, call);
    for (const key of replacements) if (!done.has(key)) lost.add(key);
  }
  return writes.flatMap(({ key }) => (lost.has(key) ? [key] : []));
};
