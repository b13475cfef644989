import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { ProjectionRecord, ReadModels } from '../../src/ports/read-models.ts';
import type { ProjectionProgress, Projector } from '../../src/projections/projector.ts';
import { startProjector, type ProjectorOptions } from '../../src/projections/run-projections.ts';
import { sealAll, type Happened } from '../spec/given.ts';
import { appendAll, documentsIn, openStores, type Documents, type Stores } from './stores.ts';
import { tally } from './tally.ts';

/** Embedded stores and the projectors that a test starts on them; all ends with the test. */
export interface Runner extends Stores {
  /** Starts a projector, of a tally when nothing else is said. */
  start(options?: Partial<ProjectorOptions>): Projector;
  /** Appends what happened; what was appended before must be given again in front. Answers the log's end. */
  happen(history: readonly Happened[]): Promise<bigint>;
  documents(collection: string): Promise<Documents>;
  record(name: string): Promise<ProjectionRecord | undefined>;
}

/** Read models of a test's own in place of the embedded ones, and how they go. */
export interface OtherViews {
  readonly readModels: ReadModels;
  drop(): Promise<void>;
}

/** Opens stores for this test. */
export const openRunner = async (other?: OtherViews): Promise<Runner> => {
  const embedded = await openStores();
  const stores = { ...embedded, ...(other && { readModels: other.readModels }) };
  const projectors: Projector[] = [];
  let appended = 0;
  onTestFinished(async () => {
    await Promise.all(projectors.map((projector) => projector.stop()));
    await other?.readModels.close();
    await other?.drop();
    await embedded.close();
  });
  return {
    ...stores,
    start(options = {}) {
      const { log, readModels } = stores;
      const projector = startProjector({
        log,
        readModels,
        projections: [tally()],
        clock: systemClock(),
        dense: true,
        ...options,
      });
      projectors.push(projector);
      return projector;
    },
    async happen(history) {
      const commits = sealAll(history);
      const end = await appendAll(stores.log, commits.slice(appended));
      appended = commits.length;
      return end;
    },
    documents: (collection) => documentsIn(stores.readModels, collection),
    record: async (name) => (await stores.readModels.projections()).find((record) => record.name === name),
  };
};

/** Everything that a projector tells of, from now on. */
export const heard = (projector: Projector): ProjectionProgress[] => {
  const all: ProjectionProgress[] = [];
  projector.onProgress((progress) => void all.push(...progress));
  return all;
};

/** Read models that tell of every call before they carry it out, or do something else instead. */
export const watched = (
  readModels: ReadModels,
  before: (
    method: 'load' | 'write' | 'saveProjection' | 'drop' | 'prepare',
    about: string,
  ) => Promise<void> | void,
): ReadModels => ({
  ...readModels,
  async prepare(collection, indexes) {
    await before('prepare', collection);
    return readModels.prepare(collection, indexes);
  },
  async load(collection, keys) {
    await before('load', collection);
    return readModels.load(collection, keys);
  },
  async write(collection, writes) {
    await before('write', collection);
    return readModels.write(collection, writes);
  },
  async drop(collection) {
    await before('drop', collection);
    return readModels.drop(collection);
  },
  async saveProjection(record) {
    await before('saveProjection', record.name);
    return readModels.saveProjection(record);
  },
});
