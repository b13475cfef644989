import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type {
  CollectionIndex,
  DocumentQuery,
  DocumentWrite,
  ReadModels,
  StoredDocument,
} from '../../src/ports/read-models.ts';

/** Read models for one test. They need not be empty: the suite looks at collections of its own. */
export interface OpenReadModels {
  readonly readModels: ReadModels;
  /** Closes them and opens what they wrote again. */
  reopen?(): Promise<ReadModels>;
  close(): Promise<void>;
}

/** Opens read models for one test. */
export type Open = () => Promise<OpenReadModels>;

/** A collection that nothing else uses. */
export const freshCollection = (name = 'sample'): string => `${name}-${randomUUID()}`;

/** Documents to store that are not there yet, the first at position 1, the next at 2. */
export const newDocuments = (docs: Readonly<Record<string, JsonObject>>): readonly DocumentWrite[] =>
  Object.entries(docs).map(([key, doc], index) => ({
    key,
    doc,
    position: BigInt(index + 1),
    expected: undefined,
  }));

/** What is stored of documents that were written. */
export const stored = (writes: readonly DocumentWrite[]): readonly StoredDocument[] =>
  writes.map(({ key, doc, position }) => ({ key, doc, position }));

/** Read models that are opened before each test and closed behind it, and a collection of the test's own. */
export interface Subject {
  readonly readModels: ReadModels;
  readonly collection: string;
  prepare(...indexes: readonly (readonly string[])[]): Promise<void>;
  /** Writes documents that are not there yet; throws when one of them was. */
  seed(docs: Readonly<Record<string, JsonObject>>): Promise<void>;
  find(query?: Partial<DocumentQuery>): Promise<readonly StoredDocument[]>;
  keys(query?: Partial<DocumentQuery>): Promise<readonly string[]>;
  /** Closes the read models and opens what they wrote again, where that can be done. */
  reopen(): Promise<void>;
}

const indexesOf = (fields: readonly (readonly string[])[]): readonly CollectionIndex[] =>
  fields.map((each) => ({ fields: each }));

/** Opens read models for each test of the suite in which it is called. */
export const eachWith = (open: Open): Subject => {
  let opened: OpenReadModels;
  let readModels: ReadModels;
  let collection: string;
  beforeEach(async () => {
    opened = await open();
    ({ readModels } = opened);
    collection = freshCollection();
  });
  afterEach(() => opened.close());
  const find: Subject['find'] = (query = {}) => readModels.find(collection, { limit: 1_000, ...query });
  return {
    get readModels() {
      return readModels;
    },
    get collection() {
      return collection;
    },
    prepare: (...indexes) => readModels.prepare(collection, indexesOf(indexes)),
    async seed(docs) {
      const lost = await readModels.write(collection, newDocuments(docs));
      if (lost.length > 0) throw new Error(`Expected all documents to be new, but found ${lost.join()}.`);
    },
    find,
    keys: async (query) => (await find(query)).map(({ key }) => key),
    async reopen() {
      readModels = (await opened.reopen?.()) ?? readModels;
    },
  };
};
