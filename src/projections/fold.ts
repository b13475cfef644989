import type { EventType, Recorded } from '../domain/registry.ts';
import { isCondensed } from '../domain/truncation/condensed.ts';
import type { DocumentWrite, ReadModels, StoredDocument } from '../ports/read-models.ts';
import { attempt } from './attempt.ts';
import { collectionOf } from './collection-of.ts';
import { readThrough, type KnownDocuments } from './known-documents.ts';
import type { LiftedBatch } from './lift-batch.ts';
import { ProjectionFailure } from './projection-failure.ts';
import type { Projection } from './projection.ts';
import { cuts, partsOf, removeFrom } from './removals.ts';
import { restoreTo, type PastEvents } from './restorations.ts';

/** A projection being folded into a generation of its documents. */
export interface Fold {
  readonly projection: Projection;
  readonly generation: number;
  readonly collection: string;
  readonly handles: ReadonlySet<EventType>;
  /** Ids of the events that it passes over where it cannot fold them. */
  readonly parked: ReadonlySet<string>;
  /** What is known of its documents without asking the store. */
  known: KnownDocuments | undefined;
  /** Everything up to here is folded and stored. */
  position: bigint;
  /** Events that were folded since it was opened. */
  events: number;
}

/** What came of a batch. */
export interface Folded {
  readonly position: bigint;
  /** Keys of the documents that were written. */
  readonly changed: readonly string[];
  readonly events: number;
  /** The projection threw: everything before that event is folded, and nothing behind it. */
  readonly failure: ProjectionFailure | undefined;
}

const NONE: ReadonlySet<string> = new Set();

/** What of the read models a fold needs. */
export type FoldStore = Pick<ReadModels, 'load' | 'write' | 'remove'>;

type Events = Pick<LiftedBatch, 'events' | 'types'>;

type Groups = ReadonlyMap<string, readonly Recorded[]>;

/** Begins to fold a projection on from a position. */
export const openFold = (
  projection: Projection,
  generation: number,
  position: bigint,
  parked: ReadonlySet<string> = NONE,
): Fold => ({
  projection,
  generation,
  collection: collectionOf(projection.name, generation),
  handles: new Set(projection.handles),
  parked,
  known: undefined,
  position,
  events: 0,
});

const groupByKey = (fold: Fold, events: readonly Recorded[]): Groups => {
  const { projection, handles, position: after } = fold;
  const groups = new Map<string, Recorded[]>();
  const [first] = events;
  const isBeyond = first !== undefined && first.position > after;
  for (const event of events) {
    if (!handles.has(event.type) || !(isBeyond || event.position > after)) continue;
    const key = attempt(fold, event, undefined, () => projection.keyOf(event));
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return groups;
};

const foldGroup = (
  fold: Fold,
  key: string,
  stored: StoredDocument | undefined,
  events: readonly Recorded[],
): DocumentWrite | undefined => {
  const expected = stored?.position;
  let doc = stored?.doc;
  let position = expected;
  for (const event of events) {
    if (position !== undefined && event.position <= position) continue;
    const before = doc;
    doc = attempt(fold, event, before, () => fold.projection.evolve(before, event));
    position = event.position;
  }
  if (doc === undefined || position === undefined || position === expected) return undefined;
  return { key, doc, position, expected, before: stored?.doc };
};

/** Loads, folds and writes; who lost against another writer of the same documents goes on from theirs. */
const store = async (readModels: FoldStore, fold: Fold, groups: Groups): Promise<string[]> => {
  const { collection, known } = fold;
  const changed: string[] = [];
  let keys: readonly string[] = [...groups.keys()];
  for (let isFirst = true; keys.length > 0; isFirst = false) {
    // What somebody else has written is known better by the store.
    const found = await readThrough(isFirst ? known : undefined, keys, (some) =>
      readModels.load(collection, some),
    );
    const writes: DocumentWrite[] = [];
    for (const key of keys) {
      const write = foldGroup(fold, key, found.get(key), groups.get(key) ?? []);
      if (write !== undefined) writes.push(write);
    }
    if (writes.length === 0) break;
    known?.expect(writes);
    keys = await readModels.write(collection, writes);
    const lost = new Set(keys);
    const written = writes.filter(({ key }) => !lost.has(key));
    known?.keep(written);
    for (const { key } of written) changed.push(key);
  }
  return changed;
};

const handlesAny = ({ handles }: Fold, types: ReadonlySet<EventType>): boolean => {
  for (const type of types) if (handles.has(type)) return true;
  return false;
};

const foldAll = async (
  readModels: FoldStore,
  fold: Fold,
  { events, types }: Events,
  position: bigint,
  log: PastEvents | undefined,
): Promise<Folded> => {
  const { forgets } = fold.projection;
  const parts = forgets !== undefined && cuts(types) ? partsOf(events, fold.position) : undefined;
  const changed: string[] = [];
  let folded = 0;
  // Most views have nothing to do with most batches.
  const isOfInterest = parts !== undefined || handlesAny(fold, types);
  const whole = isOfInterest ? [{ events, removed: [], restored: [], upTo: fold.position }] : [];
  for (const part of parts ?? whole) {
    const groups = groupByKey(fold, part.events);
    if (groups.size > 0) changed.push(...(await store(readModels, fold, groups)));
    for (const group of groups.values()) folded += group.length;
    if (forgets === undefined) continue;
    if (part.removed.length > 0) {
      fold.known?.forget();
      await removeFrom(readModels, fold.collection, forgets, part);
    }
    for (const event of part.restored) changed.push(...(await restoreTo(readModels, fold, event, log)));
  }
  return { position, changed, events: folded, failure: undefined };
};

const foldBefore = async (
  readModels: FoldStore,
  fold: Fold,
  { events, types }: Events,
  failure: ProjectionFailure,
  log: PastEvents | undefined,
): Promise<Folded> => {
  const before = events.filter(({ position }) => position < failure.position);
  const last = before.at(-1)?.position ?? fold.position;
  const position = last > fold.position ? last : fold.position;
  const folded = await foldEvents(readModels, fold, { events: before, types }, position, log);
  return { ...folded, failure: folded.failure ?? failure };
};

const foldEvents = async (
  readModels: FoldStore,
  fold: Fold,
  events: Events,
  position: bigint,
  log: PastEvents | undefined,
): Promise<Folded> => {
  try {
    return await foldAll(readModels, fold, events, position, log);
  } catch (failure) {
    if (!(failure instanceof ProjectionFailure)) throw failure;
    return foldBefore(readModels, fold, events, failure, log);
  }
};

/** What of a batch a projection is given: what has no document any more is not to be folded of what is left of it. */
const givenTo = ({ projection }: Fold, batch: LiftedBatch): LiftedBatch =>
  projection.forgets === undefined || !batch.inBrief
    ? batch
    : {
        ...batch,
        events: batch.events.filter((event) => !isCondensed(event)),
        unreadable: batch.unreadable.filter(({ event }) => !isCondensed(event)),
      };

/**
 * Folds a batch into the documents; the same batch again, or one that overlaps it, changes nothing.
 * What an execution was that is back is read from the log.
 * Leaves `fold` as it is, for the caller to move once all of it is stored. Rejects as `ReadModels` and the log do.
 */
export const foldBatch = (
  readModels: FoldStore,
  fold: Fold,
  all: LiftedBatch,
  log?: PastEvents,
): Promise<Folded> => {
  const batch = givenTo(fold, all);
  const { position } = batch;
  const unreadable = batch.unreadable.find(
    ({ event }) => event.position > fold.position && !fold.parked.has(event.id),
  );
  if (unreadable === undefined) {
    return foldEvents(readModels, fold, batch, position > fold.position ? position : fold.position, log);
  }
  const failure = new ProjectionFailure(fold.projection.name, unreadable.event, unreadable.cause);
  return foldBefore(readModels, fold, batch, failure, log);
};
