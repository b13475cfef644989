import { ReadModelsUnavailable, type ReadModels } from '../../src/ports/read-models.ts';

/** What a server's end in the middle of its work looks like from within. */
export class Crash extends Error {}

/** Real read models, with faults. */
export interface FaultyReadModels extends ReadModels {
  /** From now on every call is in vain, or answered again. */
  setAvailable(available: boolean): void;
}

type Method = 'prepare' | 'load' | 'write' | 'saveProjection' | 'remove' | 'rename' | 'drop';

/**
 * Wraps real read models. The `crashAt`th call that could change them (from 0) still reaches them, but its answer
 * does not come back, and nothing reaches them from then on, as when the server dies in between.
 */
export const faultyReadModels = (real: ReadModels, crashAt = Number.POSITIVE_INFINITY): FaultyReadModels => {
  let calls = 0;
  let available = true;
  const through = async <T>(method: Method, call: () => Promise<T>): Promise<T> => {
    if (!available) throw new ReadModelsUnavailable('Expected the store to answer, but it is away.');
    if (calls > crashAt) throw new Crash(`Nothing is stored any more: ${method}.`);
    if (method === 'load') return call();
    calls += 1;
    const answer = await call();
    if (calls > crashAt) throw new Crash(`The answer is lost: ${method}.`);
    return answer;
  };
  return {
    setAvailable: (next) => {
      available = next;
    },
    prepare: (collection, indexes) => through('prepare', () => real.prepare(collection, indexes)),
    reserve: (collection, indexes) => through('prepare', () => real.reserve(collection, indexes)),
    load: (collection, keys) => through('load', () => real.load(collection, keys)),
    write: (collection, writes) => through('write', () => real.write(collection, writes)),
    find: (collection, query) => real.find(collection, query),
    findEach: (collection, queries) => real.findEach(collection, queries),
    lookEach: (collection, looks) => real.lookEach(collection, looks),
    scan: (collection, after, limit) => through('load', () => real.scan(collection, after, limit)),
    lastKey: (collection) => through('load', () => real.lastKey(collection)),
    strays: (collection, from, limit, upTo) =>
      through('load', () => real.strays(collection, from, limit, upTo)),
    remove: (collection, which, upTo) => through('remove', () => real.remove(collection, which, upTo)),
    rename: (collection, name) => through('rename', () => real.rename(collection, name)),
    drop: (collection) => through('drop', () => real.drop(collection)),
    projections: () => through('load', () => real.projections()),
    saveProjection: (record) => through('saveProjection', () => real.saveProjection(record)),
    ping: () => real.ping(),
    close: () => Promise.resolve(),
  };
};
