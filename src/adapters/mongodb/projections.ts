import { MongoServerError, type Collection, type Db } from 'mongodb';
import type { ProjectionRecord } from '../../ports/read-models.ts';
import { isTaken } from './errors.ts';
import { RECORDS } from './names.ts';

interface MongoRecord {
  readonly _id: string;
  readonly version: number;
  readonly generation: number;
  readonly position: bigint;
}

const recordsOf = (db: Db): Collection<MongoRecord> => db.collection<MongoRecord>(RECORDS);

/** Every projection's record, by name. */
export const readProjections = async (db: Db): Promise<readonly ProjectionRecord[]> => {
  const found = await recordsOf(db).find({}, { useBigInt64: true }).sort({ _id: 1 }).toArray();
  return found.map(({ _id, version, generation, position }) => ({
    name: _id,
    version,
    generation,
    position,
  }));
};

/** Stores a projection's record in place of the one that it had, unless that is further. */
export const writeProjection = async (
  db: Db,
  { name, version, generation, position }: ProjectionRecord,
): Promise<boolean> => {
  const notFurther = {
    _id: name,
    $or: [{ generation: { $lt: generation } }, { generation, position: { $lte: position } }],
  };
  const store = async (upsert: boolean): Promise<boolean> => {
    const record = { version, generation, position };
    const { matchedCount, upsertedCount } = await recordsOf(db).replaceOne(notFurther, record, { upsert });
    return matchedCount + upsertedCount > 0;
  };
  try {
    return await store(true);
  } catch (error) {
    // There is one that is further, or another has just stored the first.
    if (!(error instanceof MongoServerError && isTaken(error))) throw error;
    return store(false);
  }
};
