import type { StoredDocument } from '../../ports/read-models.ts';
import type { FoldStore } from '../../projections/fold.ts';

/** Documents by collection and key. */
export type Documents = ReadonlyMap<string, ReadonlyMap<string, StoredDocument>>;

/** A store of documents that nobody else writes. */
export interface DocumentsInMemory extends FoldStore {
  readonly documents: Documents;
  /** Leaves out those of a collection that do not meet a condition. */
  keep(collection: string, condition: (document: StoredDocument) => boolean): void;
}

/** Begins with what it is given, and leaves that as it is. */
export const documentsInMemory = (given: Documents): DocumentsInMemory => {
  const documents = new Map([...given].map(([name, some]) => [name, new Map(some)] as const));
  const collectionOf = (name: string): Map<string, StoredDocument> => {
    const found = documents.get(name) ?? new Map<string, StoredDocument>();
    documents.set(name, found);
    return found;
  };

  return {
    documents,
    load: (collection, keys) => {
      const some = collectionOf(collection);
      const found = keys.map((key) => some.get(key)).filter((document) => document !== undefined);
      return Promise.resolve(new Map(found.map((document) => [document.key, document] as const)));
    },
    write: (collection, writes) => {
      const some = collectionOf(collection);
      for (const { key, doc, position } of writes) some.set(key, { key, doc, position });
      return Promise.resolve([]);
    },
    // Of figures, which are what is folded here, nothing is removed with an execution.
    remove: (collection) =>
      Promise.reject(
        new TypeError(`Expected nothing to be removed from ${collection}, but it is asked for.`),
      ),
    keep: (collection, condition) => {
      const some = collectionOf(collection);
      for (const document of some.values()) if (!condition(document)) some.delete(document.key);
    },
  };
};
