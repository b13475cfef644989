import type { Db } from 'mongodb';
import type { CollectionIndex } from '../../ports/read-models.ts';
import { isMissing, isThere } from './errors.ts';
import { listPathOf, pathOf } from './names.ts';

/** The collections of a database. */
export interface Collections {
  /** Makes a collection and its indexes unless they are there. */
  prepare(db: Db, name: string, indexes: readonly CollectionIndex[]): Promise<void>;
  /** Gives a collection another name; harmless when there is none. */
  rename(db: Db, name: string, other: string): Promise<void>;
  /** Removes a collection; harmless when there is none. */
  drop(db: Db, name: string): Promise<void>;
  /** Rejects for a collection that was never prepared: MongoDB would make one, without its indexes. */
  demand(db: Db, name: string): Promise<void>;
}

const keyOf = ({ fields, each }: CollectionIndex): Record<string, 1> =>
  Object.fromEntries([
    ...(each === undefined ? [] : [[listPathOf(each), 1] as const]),
    ...fields.map((field) => [pathOf(field), 1] as const),
    ['_id', 1] as const,
  ]);

/** Knows which collections there are, so that they are looked for once. */
export const createCollections = (): Collections => {
  const known = new Set<string>();
  return {
    async prepare(db, name, indexes) {
      if (!known.has(name))
        await db.createCollection(name).catch((error: unknown) => {
          if (!isThere(error)) throw error;
        });
      // One at a time: asked for several that are there, FerretDB 1 drops the connection.
      for (const index of indexes) await db.collection(name).createIndex(keyOf(index));
      known.add(name);
    },
    async rename(db, name, other) {
      known.delete(name);
      await db.renameCollection(name, other).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    async drop(db, name) {
      known.delete(name);
      await db
        .collection(name)
        .drop()
        .catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
    },
    async demand(db, name) {
      if (known.has(name)) return;
      const found = await db.listCollections({ name }, { nameOnly: true }).toArray();
      if (found.length === 0) {
        throw new Error(
          `Expected the collection ${name} to be prepared before it is written to, but it is not there.`,
        );
      }
      known.add(name);
    },
  };
};
