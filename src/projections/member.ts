import type { Clock } from '../ports/clock.ts';
import { START } from '../ports/event-log.ts';
import type { ProjectionRecord, ReadModels } from '../ports/read-models.ts';
import { foldBatch, openFold, type Fold } from './fold.ts';
import { knownOf } from './known-documents.ts';
import type { LiftedBatch } from './lift-batch.ts';
import { OvertakenView } from './overtaken-view.ts';
import { isOutage, type Patience } from './patience.ts';
import type { Projection } from './projection.ts';
import { NO_NOTE, type StoredNote } from './rebuild/notes.ts';
import type { Shadow } from './rebuild/shadow.ts';
import { createRate, type Rate } from './rate.ts';
import type { PastEvents } from './restorations.ts';
import { showOutage } from './show-outage.ts';

/** A projection that the projector looks after. */
export interface Member {
  readonly projection: Projection;
  readonly rate: Rate;
  /** What is stored of it; `undefined` while it never had live documents. */
  record: ProjectionRecord | undefined;
  /** Set while the main pass folds it: not while it is stopped, or its documents are of another version. */
  live: Fold | undefined;
  /** Set while it is rebuilt. */
  shadow: Shadow | undefined;
  /** What is stored of its rebuilds. */
  note: StoredNote;
  /** Ids of the events that it passes over where it cannot fold them. */
  parked: ReadonlySet<string>;
  /** Events that were looked at since the checkpoint was stored. */
  unsaved: number;
  caughtUp: boolean;
  /** When the newest event that was looked at was decided. */
  at: number | undefined;
  outage: Error | undefined;
  /** Why it is stopped. */
  failure: unknown;
}

/** What members are stored with. */
export interface MemberStore {
  readonly readModels: ReadModels;
  readonly log: PastEvents;
  readonly patience: Patience;
  /** Checkpoints are stored whenever they move: others follow them. */
  readonly eager?: boolean;
  /** Others were faster than a member: its documents are to be folded anew. */
  readonly overtaken: (member: Member) => void;
  /** A member fares otherwise than before, or all its documents changed. */
  readonly tell: (member: Member, changed: 'state' | 'documents') => void;
}

// A checkpoint that moved over nothing of interest is stored this seldom: losing it costs looking again.
const UNSAVED = 10_000;

/** A projection that nothing is known of yet. */
export const createMember = (projection: Projection, clock: Clock): Member => ({
  projection,
  rate: createRate(clock),
  record: undefined,
  live: undefined,
  shadow: undefined,
  note: NO_NOTE,
  parked: new Set(),
  unsaved: 0,
  caughtUp: false,
  at: undefined,
  outage: undefined,
  failure: undefined,
});

/** Everything up to here is folded into the live documents. */
export const positionOf = ({ live, record }: Member): bigint => live?.position ?? record?.position ?? START;

/** Does work for a member with patience; what it has to wait for is the member's to show. */
export const patiently = <T>(store: MemberStore, member: Member, work: () => Promise<T>): Promise<T> =>
  store.patience.retry(work, (outage) => showOutage(store, member, outage));

/** The generation that is live in place of the fold's, as a swap that came late may have it; `undefined` when its own is. */
const overtakenBy = async (store: MemberStore, member: Member, fold: Fold): Promise<number | undefined> => {
  const records = await patiently(store, member, () => store.readModels.projections());
  const { generation = 0 } = records.find(({ name }) => name === member.projection.name) ?? {};
  return generation > fold.generation ? generation : undefined;
};

/**
 * Stores how far a member is, and makes the fold its live one: a checkpoint, or a swap. Rejects with `OvertakenView`
 * when the documents of another generation are live.
 */
export const saveLive = async (
  store: MemberStore,
  member: Member,
  fold: Fold,
  position: bigint,
): Promise<void> => {
  const { name, version } = member.projection;
  const record = { name, version, generation: fold.generation, position };
  const stands = await patiently(store, member, () => store.readModels.saveProjection(record));
  // What does not stand may only be behind what another has folded into the same documents.
  const found = stands ? undefined : await overtakenBy(store, member, fold);
  if (found !== undefined) throw new OvertakenView(fold, found);
  member.record = record;
  member.unsaved = 0;
  fold.position = position;
  member.live = fold;
};

/** Stores the checkpoints that are not stored yet. One that cannot be stored only costs looking again. */
export const saveAll = async ({ readModels }: MemberStore, members: readonly Member[]): Promise<void> => {
  for (const { record, live, unsaved } of members) {
    if (record === undefined || live === undefined || unsaved === 0) continue;
    try {
      await readModels.saveProjection({ ...record, position: live.position });
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
  }
};

/** Stops a member: it keeps its documents, and its place for the next start. */
export const stopMember = (store: MemberStore, member: Member, failure: unknown): void => {
  member.live = undefined;
  member.failure = failure;
  store.tell(member, 'state');
};

/** Folds a batch into a member's live documents, then moves its checkpoint. Answers the keys that changed. */
export const advanceMember = async (
  store: MemberStore,
  member: Member,
  batch: LiftedBatch,
): Promise<readonly string[]> => {
  const { live } = member;
  if (live === undefined) return [];
  try {
    const folded = await patiently(store, member, () => foldBatch(store.readModels, live, batch, store.log));
    live.events += folded.events;
    member.unsaved += batch.events.length;
    const isFollowed = store.eager === true && folded.position !== member.record?.position;
    const isDue = isFollowed || member.unsaved >= UNSAVED;
    if (folded.changed.length > 0 || folded.failure !== undefined || isDue) {
      await saveLive(store, member, live, folded.position);
    }
    live.position = folded.position;
    member.at = batch.at ?? member.at;
    member.caughtUp = batch.caughtUp;
    member.rate.add(batch.events.length);
    if (folded.failure !== undefined) stopMember(store, member, folded.failure);
    return folded.changed;
  } catch (error) {
    if (store.patience.ended()) throw error;
    if (error instanceof OvertakenView) {
      member.live = undefined;
      store.overtaken(member);
    } else stopMember(store, member, error);
    return [];
  }
};

/** How a member begins that has documents, or may begin with none. */
export const openMember = (member: Member, record: ProjectionRecord): void => {
  member.record = record;
  if (record.version === member.projection.version) {
    member.live = openFold(member.projection, record.generation, record.position, member.parked);
    member.live.known = knownOf(member.projection, false);
  }
};
