import { START, type EventLog } from '../ports/event-log.ts';
import type { ProjectionRecord } from '../ports/read-models.ts';
import { collectionOf } from './collection-of.ts';
import { generationsOf, isView, reserveGeneration, type Generations } from './generations.ts';
import { OutdatedView } from './outdated-view.ts';
import { ViewsAhead } from './views-ahead.ts';
import { readNotes, saveNote } from './rebuild/notes.ts';
import { readParkedIds } from './parked.ts';
import { openMember, patiently, stopMember, type Member, type MemberStore } from './member.ts';

const begin = async (
  { readModels }: MemberStore,
  { projection }: Member,
  generation: number,
): Promise<ProjectionRecord> => {
  const { name, version, indexes } = projection;
  const record = { name, version, generation, position: START };
  await reserveGeneration(readModels, projection, generation, 0);
  // Of before numbers were reserved. What is tried again has another number, so that this never comes late.
  await readModels.drop(collectionOf(name, generation));
  await readModels.prepare(collectionOf(name, generation), indexes);
  await readModels.saveProjection(record);
  return record;
};

/** Whether a rebuild was left that can be gone on with. */
const goesOn = ({ note: { note }, projection }: Member, unfinished: number): boolean =>
  note.rebuild !== null &&
  note.rebuild.generation === unfinished &&
  note.rebuild.version === projection.version;

/** Removes what a crash may have left. Before that nobody is to go on with it any more. */
const dropLeft = async (store: MemberStore, member: Member, unfinished: number): Promise<void> => {
  const { note } = member.note;
  if (note.rebuild !== null) await saveNote(store, member, { ...note, rebuild: null });
  if (unfinished > 0 && note.kept?.generation !== unfinished)
    await store.readModels.drop(collectionOf(member.projection.name, unfinished));
};

const open = async (
  store: MemberStore,
  member: Member,
  record: ProjectionRecord | undefined,
  { unfinished, first }: Generations,
  beside: boolean,
): Promise<void> => {
  const { name, indexes } = member.projection;
  // It was begun again before that was known to be stored, which may come late and count from then on.
  const isOvertaken = record?.position === START && unfinished > record.generation;
  if (isOvertaken || !goesOn(member, unfinished)) await dropLeft(store, member, unfinished);
  if (record !== undefined && !isOvertaken) {
    await store.readModels.prepare(collectionOf(name, record.generation), indexes);
    openMember(member, record);
  } else if (isOvertaken || !beside) {
    openMember(member, await begin(store, member, first));
  }
};

/** Nothing is folded over what has not happened, until somebody has it rebuilt: then no event may be passed over. */
const stopAhead = (store: MemberStore, member: Member, record: ProjectionRecord, end: bigint): void => {
  member.record = { ...record, position: START };
  stopMember(store, member, new ViewsAhead(record, end));
};

/**
 * Reads where each member stands. Members that then have no live fold are to be rebuilt: those of another version, and
 * those that are new among others that are far along, which would have to wait for them. Those that are further than
 * the log have a failure instead.
 */
export const openMembers = async (
  store: MemberStore,
  log: Pick<EventLog, 'end' | 'read'>,
  members: readonly Member[],
): Promise<void> => {
  for (const member of members) {
    await patiently(store, member, async () => {
      const records = await store.readModels.projections();
      const beside = records.filter(isView).some(({ position }) => position > START);
      const { name } = member.projection;
      member.parked = await readParkedIds(log, name);
      member.note = (await readNotes(store.readModels, [name])).get(name) ?? member.note;
      const record = records.find((one) => one.name === name);
      const left = member.note.note.rebuild;
      // What was folded of a log that has lost its end is of no use.
      if (left !== null && BigInt(left.position) > (await log.end())) await dropLeft(store, member, 0);
      await open(store, member, record, generationsOf(records, name), beside);
      // Asked behind the record, which others may move on meanwhile.
      if (record === undefined) return;
      const end = await log.end();
      if (record.position > end) stopAhead(store, member, record, end);
      // A newer node was faster: folding back and forth would help nobody.
      if (store.eager === true && record.version > member.projection.version)
        stopMember(store, member, new OutdatedView(member.projection, record.version));
    });
  }
};
