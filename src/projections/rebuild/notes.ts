import type { JsonObject } from '../../domain/json.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { ReadModels } from '../../ports/read-models.ts';
import type { Member, MemberStore } from '../member.ts';
import { showOutage } from '../show-outage.ts';

/** Why documents are folded beside the live ones: to take their place, only to be compared, or to bring those of before back; a retry folds those on that are live. */
export type RebuildKind = 'rebuild' | 'verify' | 'rollback' | 'retry';

/** A rebuild that is not over, for whoever goes on with it. */
export type UnfinishedRebuild = {
  readonly kind: RebuildKind;
  readonly generation: number;
  readonly version: number;
  /** Everything up to here is folded into the generation. */
  readonly position: string;
  readonly events: number;
  readonly maxShare: number;
  readonly paused: boolean;
  /** Ms since the Unix epoch. */
  readonly begunAt: number;
  /** The generation that gets another number first; 0 for none. */
  readonly from: number;
};

/** Documents that were live, kept to be brought back. */
export type KeptGeneration = {
  readonly generation: number;
  readonly version: number;
  /** Everything up to here is folded into them. */
  readonly position: string;
};

/** What is to be known of a projection beyond its record. */
export type Note = {
  readonly rebuild: UnfinishedRebuild | null;
  readonly kept: KeptGeneration | null;
};

/** A note as it was read or written last; `position` guards the next write, `undefined` when there is none stored. */
export interface StoredNote {
  readonly note: Note;
  readonly position: bigint | undefined;
}

// No projection is called like this: each would have a generation behind its name.
const COLLECTION = 'rebuilt-projections';

/** Nothing is known beyond the record. */
export const NO_NOTE: StoredNote = { note: { rebuild: null, kept: null }, position: undefined };

/** The notes of projections, by name. Rejects as the store does. */
export const readNotes = async (
  readModels: ReadModels,
  names: readonly string[],
): Promise<ReadonlyMap<string, StoredNote>> => {
  const stored = await readModels.load(COLLECTION, names);
  return new Map(
    [...stored].map(([name, { doc, position }]) => [name, { note: doc as unknown as Note, position }]),
  );
};

const taken = (name: string): Rejection =>
  new Rejection(
    'UNAVAILABLE',
    `Expected the rebuild of "${name}" to be this node's, but another has gone on with it.`,
    { projection: name },
  );

/** What a note is to be. */
export interface NoteChange {
  readonly member: Member;
  readonly note: Note;
}

/**
 * Stores notes in one go, with patience. Whoever has written one last may write it next: answers why others could not
 * be written, since another process has.
 */
export const saveNotes = async (
  { readModels, patience, tell }: MemberStore,
  changes: readonly NoteChange[],
): Promise<ReadonlyMap<Member, Rejection>> => {
  if (changes.length === 0) return new Map();
  const writes = changes.map(({ member, note }) => ({
    key: member.projection.name,
    doc: note as unknown as JsonObject,
    position: (member.note.position ?? 0n) + 1n,
    expected: member.note.position,
  }));
  const isFirst = writes.some(({ expected }) => expected === undefined);
  const stored = await patience.retry(
    async () => {
      if (isFirst) await readModels.prepare(COLLECTION, []);
      const refused = await readModels.write(COLLECTION, writes);
      return refused.length === 0 ? undefined : readNotes(readModels, refused);
    },
    (outage) => {
      for (const { member } of changes) showOutage({ tell }, member, outage);
    },
  );
  const lost = new Map<Member, Rejection>();
  for (const [index, { member, note }] of changes.entries()) {
    const { key, position } = writes[index] as (typeof writes)[number];
    const found = stored?.get(key);
    // One that is there already is a write of before, whose answer was lost.
    if (found === undefined || JSON.stringify(found.note) === JSON.stringify(note))
      member.note = { note, position: found?.position ?? position };
    else lost.set(member, taken(key));
  }
  return lost;
};

/** Stores one note. Rejects with `UNAVAILABLE` when another process has written it meanwhile. */
export const saveNote = async (store: MemberStore, member: Member, note: Note): Promise<void> => {
  const lost = (await saveNotes(store, [{ member, note }])).get(member);
  if (lost !== undefined) throw lost;
};
