import type { ReadModels } from '../ports/read-models.ts';
import { collectionOf } from './collection-of.ts';
import { readViews } from './generations.ts';
import type { Projector } from './projector.ts';

/** Where queries find the documents of a projection. */
export interface LiveCollections {
  /** The collection that is live: after a swap the new one. Rejects with `ReadModelsUnavailable` while it must be asked for. */
  of(projection: string): Promise<string>;
  /** Lets go of the projector. */
  close(): void;
}

/** Remembers live collections, told of swaps by the projector. A projection that never began has an empty one. */
export const liveCollections = (readModels: ReadModels, projector: Projector): LiveCollections => {
  const generations = new Map<string, number>();
  const close = projector.onProgress((progress) => {
    for (const { name, generation } of progress) if (generation > 0) generations.set(name, generation);
  });
  return {
    close,
    async of(projection) {
      if (!generations.has(projection)) {
        const records = await readViews(readModels);
        // What was told meanwhile is newer than what was read.
        for (const { name, generation } of records)
          if (!generations.has(name)) generations.set(name, generation);
      }
      return collectionOf(projection, generations.get(projection) ?? 1);
    },
  };
};
