import { ReadModelsUnavailable, type ReadModels } from '../../src/ports/read-models.ts';
import type { Moments } from './moments.ts';
import type { Link, Request } from './network.ts';
import type { SimulatedReadModels } from './simulated-read-models.ts';

/** The read models as a node reaches them over its link; a write may stop in the middle. Where documents are removed, first ones of them come at once or never. */
export const linkedReadModels = (
  store: SimulatedReadModels,
  link: Link,
  moments: Moments,
  node?: string,
  removes = false,
): ReadModels => {
  const unavailable = (message: string) => new ReadModelsUnavailable(message);
  let closed = false;
  const request = async <T>(asked: Omit<Request<T>, 'service' | 'unavailable'>): Promise<T> => {
    if (closed) throw unavailable('Expected the read models to be open, but they were closed.');
    return link.send({ ...asked, service: 'views', unavailable });
  };
  const send = <T>(
    about: string,
    lane: string,
    carryOut: (share: number) => T,
    isPrompt = false,
  ): Promise<T> => request({ about, lane: `views ${lane}`, isPrompt, carryOut });
  return {
    prepare: (name, indexes) => send(`prepare ${name}`, name, () => store.prepareNow(name, indexes)),
    reserve: (name, indexes) => send(`reserve ${name}`, name, () => store.prepareNow(name, indexes)),
    load: (name, keys) => send(`load ${name}`, name, () => store.loadNow(name, keys)),
    write: (name, writes) => {
      const carryOut = (share: number) => {
        const lost = store.writeNow(name, writes.slice(0, Math.ceil(writes.length * share)));
        moments.pass('documents', node);
        return lost;
      };
      // A first document that came later than its removal would be there again (ADR 30).
      const isPrompt = removes && writes.some(({ expected }) => expected === undefined);
      return send(`write ${name} ${writes.length}`, name, carryOut, isPrompt);
    },
    find: (name, query) => send(`find ${name}`, name, () => store.findNow(name, query)),
    findEach: (name, queries) =>
      send(`find ${name} ${queries.length}`, name, () => queries.map((query) => store.findNow(name, query))),
    lookEach: (name, looks) =>
      send(`look ${name} ${looks.length}`, name, () => looks.map((look) => store.lookNow(name, look))),
    scan: (name, after, limit) => send(`scan ${name}`, name, () => store.scanNow(name, after, limit)),
    lastKey: (name) => send(`last ${name}`, name, () => store.lastKeyNow(name)),
    strays: (name) => send(`strays ${name}`, name, () => store.straysNow(name)),
    remove: (name, which, upTo) => send(`remove ${name}`, name, () => store.removeNow(name, which, upTo)),
    rename: (name, other) => send(`rename ${name}`, name, () => store.renameNow(name, other)),
    drop: (name) =>
      request({
        about: `drop ${name}`,
        lane: `views ${name}`,
        // One that came late would take away what a rebuild has put in its place.
        isPrompt: true,
        carryOut: () => store.dropNow(name),
      }),
    projections: () => send('projections', 'records', () => [...store.records.values()]),
    saveProjection: (record) =>
      send(`save ${record.name} ${record.generation}@${record.position}`, 'records', () => {
        const stands = store.saveNow(record);
        moments.pass('checkpoint', node);
        return stands;
      }),
    ping: () => send('ping', 'ping', () => undefined),
    close: async () => {
      closed = true;
    },
  };
};
