import type { StoredDocument } from '../ports/read-models.ts';
import type { Projection } from './projection.ts';
import { createSeen } from './seen.ts';

/**
 * What is known of documents without asking the store for them. It may be wrong where others write them, too: whoever
 * writes by it is told so by the guard of the write, and asks the store then.
 */
export interface KnownDocuments {
  /** The document; null when there is none, `undefined` when it is not known. */
  get(key: string): StoredDocument | null | undefined;
  /** These are about to be written, and may be there from now on. */
  expect(writes: readonly { readonly key: string }[]): void;
  /** These were written. */
  keep(written: readonly StoredDocument[]): void;
  /** Some were removed. */
  forget(): void;
}

/** As many documents are kept, at least, and twice as many at most. */
const KEPT = 4_096;

/** What is known of a collection; all that there is of one that is empty. */
export const createKnownDocuments = (isEmpty: boolean): KnownDocuments => {
  const seen = isEmpty ? createSeen() : undefined;
  // Those of before go when there are enough of those that were used since.
  let before = new Map<string, StoredDocument>();
  let recent = new Map<string, StoredDocument>();
  return {
    get(key) {
      const found = recent.get(key) ?? before.get(key);
      if (found !== undefined) return found;
      return seen?.has(key) === false ? null : undefined;
    },
    expect(writes) {
      if (seen !== undefined) for (const { key } of writes) seen.add(key);
    },
    keep(written) {
      if (recent.size >= KEPT) [before, recent] = [recent, new Map()];
      for (const { key, doc, position } of written) recent.set(key, { key, doc, position });
    },
    forget() {
      before = new Map();
      recent = new Map();
    },
  };
};

/** Of a collection whose documents are each made by one event: those of events that are new are not there. */
const WRITTEN_ONCE: KnownDocuments = {
  get: () => null,
  expect: () => undefined,
  keep: () => undefined,
  forget: () => undefined,
};

/** What is known of the documents of a projection that begins to be folded. */
export const knownOf = (
  { isWrittenOnce }: Pick<Projection, 'isWrittenOnce'>,
  isEmpty: boolean,
): KnownDocuments => (isWrittenOnce === true ? WRITTEN_ONCE : createKnownDocuments(isEmpty));

/** Documents by key, as they are known or else as they are loaded. */
export const readThrough = async (
  known: KnownDocuments | undefined,
  keys: readonly string[],
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, StoredDocument>>,
): Promise<ReadonlyMap<string, StoredDocument>> => {
  if (known === undefined) return load(keys);
  const found = new Map<string, StoredDocument>();
  const asked: string[] = [];
  for (const key of keys) {
    const document = known.get(key);
    if (document === undefined) asked.push(key);
    else if (document !== null) found.set(key, document);
  }
  if (asked.length > 0) for (const [key, document] of await load(asked)) found.set(key, document);
  return found;
};
