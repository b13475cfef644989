import type { JsonObject } from '../domain/json.ts';

/** A stored document: what it says, and the position of the last event folded into it. */
export interface StoredDocument<D = JsonObject> {
  readonly key: string;
  readonly position: bigint;
  readonly doc: D;
}

/** A stored document as the text that it is stored as. */
export interface StoredText {
  readonly key: string;
  readonly position: bigint;
  /** JSON as `JSON.stringify` wrote it. */
  readonly text: string;
}

/** A document to be stored, guarded by what was read. */
export interface DocumentWrite {
  readonly key: string;
  readonly doc: JsonObject;
  readonly position: bigint;
  /** Position of the document that was read; `undefined` when there was none. */
  readonly expected: bigint | undefined;
  /** The document at `expected`, where whoever writes has it: a store need not look at what it replaces. Never wrong. */
  readonly before?: JsonObject | undefined;
}

/** Fields (top level) that queries filter and sort by, in the order of the index. */
export interface CollectionIndex {
  readonly fields: readonly string[];
  /** Most documents have nothing in its first field, and no query asks for those: it need not have them. */
  readonly sparse?: boolean;
  /**
   * A field that holds a list of texts: the index has an entry for each text, those of one in the order of `fields`, which
   * is one field then. A collection has one such index at most.
   */
  readonly each?: string;
}

/** A value that can be filtered and sorted by; an absent field counts as null. */
export type Scalar = string | number | null;

/** One condition on a top-level field. All of a query's conditions must hold. */
export type Condition =
  | { readonly field: string; readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'; readonly value: Scalar }
  | { readonly field: string; readonly op: 'in'; readonly values: readonly Scalar[] }
  /** The field is a list that has one of these texts. */
  | { readonly field: string; readonly op: 'has'; readonly values: readonly string[] }
  /** The field is a list that has a text of `from` or more, and below `before`. */
  | { readonly field: string; readonly op: 'hasWithin'; readonly from: string; readonly before: string };

/** Documents of a collection: those of some keys, or those that meet all conditions. */
export type Which = readonly Condition[] | { readonly keyIn: readonly string[] };

/** A sort. The document's key is always the last tie-break, in the direction of the last field. */
export interface OrderBy {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

/** Which documents of a collection, in which order. */
export interface DocumentQuery {
  readonly where?: readonly Condition[];
  readonly orderBy?: readonly OrderBy[];
  /** Strictly behind this document in the order (keyset): its values of the orderBy fields, and its key. */
  readonly after?: { readonly values: readonly Scalar[]; readonly key: string };
  /** In whatever order is the quickest; without `orderBy` and `after`. */
  readonly anyOrder?: true;
  readonly limit: number;
}

/** Documents that are come by in an order and looked at one by one, for those of them that are wanted. */
export interface Look {
  /** What they are come by. */
  readonly where: readonly Condition[];
  readonly orderBy: readonly OrderBy[];
  readonly after?: DocumentQuery['after'] | undefined;
  /** What those that are wanted meet besides. */
  readonly meeting: readonly Condition[];
  /** The most that are looked at. */
  readonly most: number;
  /** The most that are answered: the last of them is the last that is looked at. */
  readonly limit: number;
}

/** What a look has found. */
export interface Looked {
  readonly found: readonly StoredDocument[];
  /** The last that was looked at, wanted or not; `undefined` when they were all, and fewer than were to be looked at. */
  readonly last: StoredDocument | undefined;
}

/** What of a document, or of none, is come by otherwise than it says. */
export interface Stray {
  readonly key: string;
  /** What it is come by, of which no more is told than what is wrong, in whichever form the store has it; null where it is not come by at all. */
  readonly found: JsonObject | null;
  /** The same as the document says; null where there is no such document. */
  readonly expected: JsonObject | null;
}

/** Where looking for strays goes on; only the store that told it knows what it says. */
export type StrayPlace = readonly unknown[];

/** What came of looking for strays among some of what a store has. */
export interface Strays {
  readonly strays: readonly Stray[];
  /** How many documents and entries were looked at. */
  readonly looked: number;
  /** Where to go on; `undefined` when that was all. */
  readonly next: StrayPlace | undefined;
}

/** How far a projection is, and in which collection it is live. */
export interface ProjectionRecord {
  readonly name: string;
  readonly version: number;
  /** Collections are named `<projection>_<generation>`; the live one is this. */
  readonly generation: number;
  /** Everything up to here is folded into the live collection. */
  readonly position: bigint;
}

/**
 * Where projections keep their documents. Every adapter passes
 * `test/conformance/read-models.conformance.ts`, and a differential suite holds them to the same answers.
 * Field values sort as: null (or absent), then numbers, then strings by UTF-8 bytes. Null equals null, and is never more or less than a value.
 *
 * Any method may reject with `ReadModelsUnavailable`; the same call may be made again.
 */
export interface ReadModels {
  /** Makes a collection and its indexes unless they are there. */
  prepare(collection: string, indexes: readonly CollectionIndex[]): Promise<void>;

  /**
   * Makes a collection that will have these indexes, unless it is there, and leaves them out: whoever writes very many
   * documents has `prepare` make them afterwards, of all at once.
   */
  reserve(collection: string, indexes: readonly CollectionIndex[]): Promise<void>;

  /** Those of the documents that exist, by key. */
  load(collection: string, keys: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;

  /**
   * Stores documents, each one if the stored one is still at the `expected` position.
   * Answers the keys that were not written because somebody else got there first.
   */
  write(collection: string, writes: readonly DocumentWrite[]): Promise<readonly string[]>;

  /** A page of documents. A collection that was never prepared is empty. */
  find(collection: string, query: DocumentQuery): Promise<readonly StoredDocument[]>;

  /**
   * What `find` answers to each of several queries, in their order: one look for all, whose pages a store need not have from
   * one moment. None is answered when one is refused.
   */
  findEach(
    collection: string,
    queries: readonly DocumentQuery[],
  ): Promise<readonly (readonly StoredDocument[])[]>;

  /**
   * Looks for documents that nothing they are come by in the wanted order says all of: what it costs is bounded by how many it
   * looks at, however few are wanted. Of documents that are written meanwhile none is left out between its `after` and its
   * `last` that stood there all the time. Several looks are answered in their order; none is when one is refused.
   */
  lookEach(collection: string, looks: readonly Look[]): Promise<readonly Looked[]>;

  /** The next documents by key (UTF-8 bytes), strictly behind `after`, as they are stored; for whoever goes through all. */
  scan(collection: string, after: string | undefined, limit: number): Promise<readonly StoredText[]>;

  /** The last of its keys (UTF-8 bytes); `undefined` when it has none. */
  lastKey(collection: string): Promise<string | undefined>;

  /**
   * Looks through the next of what documents are come by, up to `limit`, for what does not say what they say; from a place
   * that the call before told, or the beginning. What is looked at is of one moment, so nothing that is being written is taken
   * for a stray. One document may be told more than once. A store that keeps its indexes itself, of documents alone, has none.
   * However fast documents are written on from `upTo` (the same in all calls), it comes to an end: neither documents that came
   * after the beginning are waited for, nor what those are come by that are behind `upTo`, as long as it says what they say.
   */
  strays(collection: string, from: StrayPlace | undefined, limit: number, upTo: bigint): Promise<Strays>;

  /**
   * Removes those of the documents into which nothing behind `upTo` is folded. Harmless when there are none, or no such collection, as after the same call before.
   */
  remove(collection: string, which: Which, upTo: bigint): Promise<void>;

  /**
   * Gives a collection another name, which no collection ever had: documents, indexes and all.
   * Harmless when there is none of the first name, as after the same call before.
   */
  rename(collection: string, name: string): Promise<void>;

  /** Removes a collection with all its documents; harmless when there is none. */
  drop(collection: string): Promise<void>;

  /** Every projection's record. */
  projections(): Promise<readonly ProjectionRecord[]>;

  /**
   * Stores a projection's record: moves its checkpoint, or swaps its live collection, in one step. A record never goes
   * back: nothing changes when a later generation is stored, or a later position of this one. A call that comes late,
   * of a process that has lost its turn, so takes nothing away. Answers whether this is what is stored now.
   */
  saveProjection(record: ProjectionRecord): Promise<boolean>;

  /** Resolves when the store answers; rejects with `ReadModelsUnavailable` when it does not. */
  ping(): Promise<void>;

  close(): Promise<void>;
}

/** The store does not answer; the call may be repeated. */
export class ReadModelsUnavailable extends Error {
  readonly code = 'READ_MODELS_UNAVAILABLE';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ReadModelsUnavailable';
  }
}
