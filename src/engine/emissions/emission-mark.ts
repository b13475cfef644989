import { START } from '../../ports/event-log.ts';
import type { ReadModels } from '../../ports/read-models.ts';

/** Where it is kept up to which position every accepted event has started what it starts, whichever node accepted it. */
export interface EmissionMark {
  /** That position; `START` when it is lost, or of a log that reached further than `end`. Rejects with `ReadModelsUnavailable`. */
  read(end: bigint): Promise<bigint>;
  /** Moves it on; one that is further stays. Rejects with `ReadModelsUnavailable`. */
  save(position: bigint): Promise<void>;
}

// No projection, so it has no record among theirs: a document of a collection of its own.
const COLLECTION = 'settled_events';
const KEY = 'all';

/** Keeps the mark among the views: whoever removes them makes the next start slower, and nothing else. */
export const createEmissionMark = (readModels: ReadModels): EmissionMark => {
  let prepared = false;

  const stored = async (): Promise<bigint | undefined> =>
    (await readModels.load(COLLECTION, [KEY])).get(KEY)?.position;

  /** Answers whether nobody else was first. */
  const put = async (position: bigint, expected: bigint | undefined): Promise<boolean> => {
    if (!prepared) await readModels.prepare(COLLECTION, []);
    prepared = true;
    return (await readModels.write(COLLECTION, [{ key: KEY, doc: {}, position, expected }])).length === 0;
  };

  return {
    read: async (end) => {
      for (;;) {
        const position = await stored();
        if (position === undefined) return START;
        if (position <= end) return position;
        // The log was restored from before: what comes next stands at positions that the mark takes for known.
        if (await put(START, position)) return START;
      }
    },
    save: async (position) => {
      for (;;) {
        const before = await stored();
        if (before !== undefined && before >= position) return;
        if (await put(position, before)) return;
      }
    },
  };
};
