import type { RecordedEvent } from '../../domain/event.ts';
import { START, type LogBatch } from '../../ports/event-log.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import { active, type ActiveDocument } from '../../projections/active.projection.ts';
import { bucketOf } from '../../projections/bucket.ts';
import { listed } from '../../projections/catalogue.ts';
import { collectionOf } from '../../projections/collection-of.ts';
import { LONGEST_DAY } from '../../projections/day.ts';
import { foldBatch, openFold } from '../../projections/fold.ts';
import { liftBatch } from '../../projections/lift-batch.ts';
import { outcomes, type OutcomesDocument } from '../../projections/outcomes.projection.ts';
import { documentsInMemory, type Documents } from './documents-in-memory.ts';

/** Where an event stands. */
export type Standing = Pick<RecordedEvent, 'id' | 'stream' | 'revision'>;

/** The counters as they were at a position of the log. */
export interface Tally {
  readonly position: bigint;
  /** The last event up to there; `undefined` before the first. */
  readonly last: Standing | undefined;
  /** When that was decided, and the latest time at which any up to there was; ms since the Unix epoch. */
  readonly at: number;
  readonly latest: number;
  /** Outcomes of buckets that begin before this are left out; ms since the Unix epoch. */
  readonly from: number;
  readonly active: ReadonlyMap<string, StoredDocument<ActiveDocument>>;
  readonly outcomes: ReadonlyMap<string, StoredDocument<OutcomesDocument>>;
}

/** The tally being folded, by the projections that the views are folded by. */
export interface Counting {
  readonly tally: Tally;
  /** Folds the next batch of the log. Rejects with `ProjectionFailure` as the views stop. */
  fold(batch: LogBatch): Promise<void>;
  /** Leaves out outcomes of buckets that no day which has this time can have. */
  leaveOut(before: number): void;
}

/** Ids of the events that each projection passes over where it cannot fold them. */
export interface Parked {
  readonly active: ReadonlySet<string>;
  readonly outcomes: ReadonlySet<string>;
}

/** Nothing has happened. */
export const NO_TALLY: Tally = {
  position: START,
  last: undefined,
  at: 0,
  latest: 0,
  from: 0,
  active: new Map(),
  outcomes: new Map(),
};

const ACTIVE = collectionOf(active.name, 0);
const OUTCOMES = collectionOf(outcomes.name, 0);

const documentsOf = ({ active, outcomes }: Tally): Documents =>
  new Map<string, ReadonlyMap<string, StoredDocument>>([
    [ACTIVE, active],
    [OUTCOMES, outcomes],
  ]);

const foundIn = <D>(documents: Documents, collection: string): ReadonlyMap<string, StoredDocument<D>> =>
  new Map(documents.get(collection)) as ReadonlyMap<string, unknown> as ReadonlyMap<
    string,
    StoredDocument<D>
  >;

/** Folds on from a tally. */
export const countFrom = (base: Tally, parked: Parked): Counting => {
  const store = documentsInMemory(documentsOf(base));
  const folds = [
    openFold(listed(active), 0, base.position, parked.active),
    openFold(listed(outcomes), 0, base.position, parked.outcomes),
  ];
  let { position, last, at, latest, from } = base;

  return {
    get tally() {
      const { documents } = store;
      return {
        position,
        last,
        at,
        latest,
        from,
        active: foundIn<ActiveDocument>(documents, ACTIVE),
        outcomes: foundIn<OutcomesDocument>(documents, OUTCOMES),
      };
    },
    async fold(batch) {
      const lifted = liftBatch(batch);
      for (const fold of folds) {
        const folded = await foldBatch(store, fold, lifted);
        if (folded.failure !== undefined) throw folded.failure;
        fold.position = folded.position;
      }
      if (batch.position > position) ({ position } = batch);
      for (const { commit } of batch.events) latest = Math.max(latest, commit.metadata.at);
      const event = batch.events.at(-1);
      if (event === undefined) return;
      last = { id: event.id, stream: event.stream, revision: event.revision };
      ({ at } = event.commit.metadata);
    },
    leaveOut(before) {
      const bound = bucketOf(before) - LONGEST_DAY;
      if (bound <= from) return;
      from = bound;
      store.keep(OUTCOMES, ({ doc }) => Number(doc['bucket']) >= from);
    },
  };
};
