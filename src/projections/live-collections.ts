import { Rejection } from '../domain/rejection.ts';
import type { ReadModels } from '../ports/read-models.ts';
import { collectionOf } from './collection-of.ts';
import { PROJECTIONS } from './catalogue.ts';
import type { Followed } from './followed-views.ts';
import { readViews } from './generations.ts';
import { OutdatedView } from './outdated-view.ts';
import type { Projector } from './projector.ts';

interface Live {
  readonly version: number;
  readonly generation: number;
}

/** Where queries find the documents of a projection. */
export interface LiveCollections {
  /**
   * The collection that is live: after a swap the new one. Rejects with `ReadModelsUnavailable` while it must be asked
   * for, and with `UNAVAILABLE` while the documents are newer than what this node can read.
   */
  of(projection: string): Promise<string>;
  /** Lets go of the projector. */
  close(): void;
}

/** Remembers live collections, told of swaps by the projector. A projection that never began has an empty one. */
export const liveCollections = (
  readModels: ReadModels,
  projector: Projector,
  projections: readonly Followed[] = PROJECTIONS,
): LiveCollections => {
  const live = new Map<string, Live>();
  const versions = new Map(projections.map(({ name, version }) => [name, version]));
  const close = projector.onProgress((progress) => {
    for (const { name, version, generation } of progress)
      if (generation > 0) live.set(name, { version, generation });
  });
  return {
    close,
    async of(projection) {
      if (!live.has(projection)) {
        const records = await readViews(readModels);
        // What was told meanwhile is newer than what was read.
        for (const { name, version, generation } of records)
          if (!live.has(name)) live.set(name, { version, generation });
      }
      const { version, generation } = live.get(projection) ?? { version: 0, generation: 1 };
      const own = versions.get(projection) ?? version;
      if (version <= own) return collectionOf(projection, generation);
      const { message } = new OutdatedView({ name: projection, version: own }, version);
      throw new Rejection('UNAVAILABLE', message, { projection });
    },
  };
};
