import { ReadModelsUnavailable, type ReadModels } from '../ports/read-models.ts';

/** Read models that are only written while `holds` says so; otherwise they are as if they were away. */
export const fencedReadModels = (readModels: ReadModels, holds: () => boolean): ReadModels => {
  const guarded = <T>(write: () => Promise<T>): Promise<T> => {
    if (holds()) return write();
    const message = 'Expected this node to fold the views, but its lease may be over.';
    return Promise.reject(new ReadModelsUnavailable(message));
  };
  return {
    load: (collection, keys) => readModels.load(collection, keys),
    find: (collection, query) => readModels.find(collection, query),
    findEach: (collection, queries) => readModels.findEach(collection, queries),
    lookEach: (collection, looks) => readModels.lookEach(collection, looks),
    scan: (collection, after, limit) => readModels.scan(collection, after, limit),
    lastKey: (collection) => readModels.lastKey(collection),
    strays: (collection, from, limit, upTo) => readModels.strays(collection, from, limit, upTo),
    projections: () => readModels.projections(),
    ping: () => readModels.ping(),
    close: () => readModels.close(),
    prepare: (collection, indexes) => guarded(() => readModels.prepare(collection, indexes)),
    reserve: (collection, indexes) => guarded(() => readModels.reserve(collection, indexes)),
    write: (collection, writes) => guarded(() => readModels.write(collection, writes)),
    remove: (collection, which, upTo) => guarded(() => readModels.remove(collection, which, upTo)),
    rename: (collection, name) => guarded(() => readModels.rename(collection, name)),
    drop: (collection) => guarded(() => readModels.drop(collection)),
    saveProjection: (record) => guarded(() => readModels.saveProjection(record)),
  };
};
