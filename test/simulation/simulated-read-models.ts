import type { JsonObject } from '../../src/domain/json.ts';
import {
  checkCollection,
  checkIndexes,
  checkLook,
  checkQuery,
  checkWhich,
  checkWrites,
} from '../../src/ports/read-models-checks.ts';
import { ReadModelsUnavailable } from '../../src/ports/read-models.ts';
import type {
  CollectionIndex,
  DocumentQuery,
  DocumentWrite,
  Look,
  Looked,
  ProjectionRecord,
  ReadModels,
  StoredDocument,
  StoredText,
  Strays,
  Which,
} from '../../src/ports/read-models.ts';
import { compareKeys } from '../../src/projections/rebuild/key-order.ts';
import { answerOf, lookedOf } from '../conformance/read-models-order.ts';

type Documents = ReadonlyMap<string, StoredDocument>;

/** Read models in memory that keep the whole contract of the port, and can be looked into and worked on at once. */
export interface SimulatedReadModels extends ReadModels {
  /** Everything in a collection, by key. */
  documents(collection: string): Documents;
  readonly records: ReadonlyMap<string, ProjectionRecord>;
  prepareNow(collection: string, indexes: readonly CollectionIndex[]): void;
  loadNow(collection: string, keys: readonly string[]): Documents;
  writeNow(collection: string, writes: readonly DocumentWrite[]): readonly string[];
  findNow(collection: string, query: DocumentQuery): readonly StoredDocument[];
  lookNow(collection: string, look: Look): Looked;
  scanNow(collection: string, after: string | undefined, limit: number): readonly StoredText[];
  lastKeyNow(collection: string): string | undefined;
  straysNow(name: string): Strays;
  removeNow(collection: string, which: Which, upTo: bigint): void;
  renameNow(collection: string, name: string): void;
  dropNow(collection: string): void;
  saveNow(record: ProjectionRecord): boolean;
}

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

/** A copy that is what JSON keeps, frozen: who changes what was loaded is found out. */
const kept = (doc: JsonObject): JsonObject => frozen(JSON.parse(JSON.stringify(doc)) as JsonObject);

const EMPTY: Documents = new Map();

const writeInto = (found: Map<string, StoredDocument>, writes: readonly DocumentWrite[]): string[] => {
  const lost: string[] = [];
  for (const { key, doc, position, expected } of writes) {
    if (found.get(key)?.position === expected) found.set(key, { key, position, doc: kept(doc) });
    else lost.push(key);
  }
  return lost;
};

/** Read models without anything in them. */
export const simulatedReadModels = (): SimulatedReadModels => {
  const collections = new Map<string, Map<string, StoredDocument>>();
  const records = new Map<string, ProjectionRecord>();
  let closed = false;

  const documents = (name: string): Documents => collections.get(checkCollection(name)) ?? EMPTY;

  const now = {
    prepareNow: (name: string, indexes: readonly CollectionIndex[]): void => {
      checkCollection(name);
      checkIndexes(indexes);
      if (!collections.has(name)) collections.set(name, new Map());
    },
    loadNow: (name: string, keys: readonly string[]): Documents => {
      const found = documents(name);
      return new Map(
        keys.flatMap((key) => {
          const document = found.get(key);
          return document === undefined ? [] : [[key, document] as const];
        }),
      );
    },
    writeNow: (name: string, writes: readonly DocumentWrite[]): readonly string[] => {
      checkCollection(name);
      checkWrites(writes);
      if (writes.length === 0) return [];
      const found = collections.get(name);
      if (found !== undefined) return writeInto(found, writes);
      const expected = `the collection ${name} to be prepared before it is written to`;
      throw new Error(`Expected ${expected}, but it is not there.`);
    },
    findNow: (name: string, query: DocumentQuery): readonly StoredDocument[] => {
      checkQuery(query);
      return answerOf([...documents(name).values()], query);
    },
    lookNow: (name: string, look: Look): Looked => {
      checkCollection(name);
      checkLook(look);
      return lookedOf([...documents(name).values()], look);
    },
    scanNow: (name: string, after: string | undefined, limit: number): readonly StoredText[] => {
      const place = after === undefined ? {} : { after: { values: [], key: after } };
      return answerOf([...documents(name).values()], { ...place, limit }).map(({ key, position, doc }) => ({
        key,
        position,
        text: JSON.stringify(doc),
      }));
    },
    lastKeyNow: (name: string): string | undefined => {
      checkCollection(name);
      return [...documents(name).keys()].toSorted(compareKeys).at(-1);
    },
    straysNow: (name: string): Strays => {
      checkCollection(name);
      return { strays: [], looked: 0, next: undefined };
    },
    removeNow: (name: string, which: Which, upTo: bigint): void => {
      checkCollection(name);
      checkWhich(which);
      const found = collections.get(name);
      if (found === undefined) return;
      const met =
        'keyIn' in which
          ? which.keyIn.flatMap((key) => found.get(key) ?? [])
          : answerOf([...found.values()], { where: which, limit: found.size });
      for (const { key, position } of met) if (position <= upTo) found.delete(key);
    },
    renameNow: (name: string, other: string): void => {
      const found = collections.get(checkCollection(name));
      if (found === undefined) return;
      collections.delete(name);
      collections.set(checkCollection(other), found);
    },
    dropNow: (name: string): void => void collections.delete(checkCollection(name)),
    saveNow: (record: ProjectionRecord): boolean => {
      const { generation, position } = records.get(record.name) ?? record;
      const goesBack =
        record.generation < generation || (record.generation === generation && record.position < position);
      if (!goesBack) records.set(record.name, Object.freeze({ ...record }));
      return !goesBack;
    },
  };

  /** Does the work unless the store was closed. */
  const open = async <T>(work: () => T): Promise<T> => {
    if (closed) throw new ReadModelsUnavailable('Expected the read models to be open, but they were closed.');
    return work();
  };

  return {
    ...now,
    documents,
    records,
    prepare: (name, indexes) => open(() => now.prepareNow(name, indexes)),
    reserve: (name, indexes) => open(() => now.prepareNow(name, indexes)),
    load: (name, keys) => open(() => now.loadNow(name, keys)),
    write: (name, writes) => open(() => now.writeNow(name, writes)),
    find: (name, query) => open(() => now.findNow(name, query)),
    findEach: (name, queries) => open(() => queries.map((query) => now.findNow(name, query))),
    lookEach: (name, looks) => open(() => looks.map((look) => now.lookNow(name, look))),
    scan: (name, after, limit) => open(() => now.scanNow(name, after, limit)),
    lastKey: (name) => open(() => now.lastKeyNow(name)),
    strays: (name) => open(() => now.straysNow(name)),
    remove: (name, which, upTo) => open(() => now.removeNow(name, which, upTo)),
    rename: (name, other) => open(() => now.renameNow(name, other)),
    drop: (name) => open(() => now.dropNow(name)),
    projections: () => open(() => [...records.values()]),
    saveProjection: (record) => open(() => now.saveNow(record)),
    ping: () => open(() => undefined),
    close: async () => {
      closed = true;
    },
  };
};
