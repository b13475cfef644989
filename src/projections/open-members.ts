import { START, type EventLog } from '../ports/event-log.ts';
import type { ProjectionRecord } from '../ports/read-models.ts';
import { collectionOf } from './collection-of.ts';
import { openMember, patiently, type Member, type MemberStore } from './member.ts';

/** Removes what a crash may have left: an unfinished generation, and one that is older than the kept one. */
const cleanUp = async (
  { readModels }: MemberStore,
  { projection }: Member,
  generation: number,
): Promise<void> => {
  await readModels.drop(collectionOf(projection.name, generation + 1));
  if (generation > 2) await readModels.drop(collectionOf(projection.name, generation - 2));
};

const begin = async ({ readModels }: MemberStore, { projection }: Member): Promise<ProjectionRecord> => {
  const { name, version, indexes } = projection;
  const record = { name, version, generation: 1, position: START };
  await readModels.prepare(collectionOf(name, 1), indexes);
  await readModels.saveProjection(record);
  return record;
};

const open = async (
  store: MemberStore,
  member: Member,
  record: ProjectionRecord | undefined,
  beside: boolean,
): Promise<void> => {
  await cleanUp(store, member, record?.generation ?? 0);
  const { name, indexes } = member.projection;
  if (record !== undefined) {
    await store.readModels.prepare(collectionOf(name, record.generation), indexes);
    openMember(member, record);
  } else if (!beside) {
    openMember(member, await begin(store, member));
  }
};

// The log was restored from before the documents: they know of what has not happened, and no event may be passed over.
const forgetPlace = (member: Member): void => {
  member.live = undefined;
  if (member.record !== undefined) member.record = { ...member.record, position: START };
};

/**
 * Reads where each member stands. Members that then have no live fold are to be rebuilt: those of another version,
 * those that are further than the log, and those that are new among others that are far along, which would have to
 * wait for them.
 */
export const openMembers = async (
  store: MemberStore,
  log: Pick<EventLog, 'end'>,
  members: readonly Member[],
): Promise<void> => {
  for (const member of members) {
    await patiently(store, member, async () => {
      const records = await store.readModels.projections();
      const beside = records.some(({ name, position }) => position > START && isOneOf(members, name));
      const record = records.find(({ name }) => name === member.projection.name);
      await open(store, member, record, beside);
      // Asked behind the record, which others may move on meanwhile.
      if (record !== undefined && record.position > (await log.end())) forgetPlace(member);
    });
  }
};

const isOneOf = (members: readonly Member[], name: string): boolean =>
  members.some(({ projection }) => projection.name === name);
