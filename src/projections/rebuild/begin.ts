import { Rejection } from '../../domain/rejection.ts';
import type { Clock } from '../../ports/clock.ts';
import { START } from '../../ports/event-log.ts';
import type { ProjectionRecord } from '../../ports/read-models.ts';
import { collectionOf } from '../collection-of.ts';
import { generationsOf, reserveGeneration, type Generations } from '../generations.ts';
import { patiently, type Member, type MemberStore } from '../member.ts';
import { saveNote, type KeptGeneration, type UnfinishedRebuild } from './notes.ts';
import { isComparable, isFolded, leftOf, openShadow, type Plan, type Task } from './task.ts';

const requireComparable = ({ projection, record }: Member): void => {
  throw new Rejection(
    'UNAVAILABLE',
    `Expected documents of "${projection.name}" to compare, but ${record === undefined ? 'there are none yet' : 'those that are live are of another version, or ahead of the log'}.`,
    { projection: projection.name },
  );
};

/** What a rollback brings back. Throws a `Rejection` when there is nothing. */
export const requireKept = ({ projection, note, record }: Member): KeptGeneration => {
  const { name, version } = projection;
  // One that is noted already is still live when its swap did not come about.
  const kept = note.note.kept?.generation === record?.generation ? null : note.note.kept;
  if (kept !== null && kept.version === version) return kept;
  const found =
    kept === null ? 'none are kept' : `those that are kept are of another version than ${version}`;
  throw new Rejection(
    'NOTHING_KEPT',
    `Expected documents of "${name}" of before its rebuild, but ${found}.`,
    {
      projection: name,
    },
  );
};

/** Removes generations that nobody shows; the note has said so before, so that nobody goes on with one of them. */
const dropOld = async (
  { readModels }: MemberStore,
  { projection }: Member,
  old: readonly number[],
  shown: number,
): Promise<void> => {
  for (const generation of new Set(old))
    if (generation > 0 && generation !== shown)
      await readModels.drop(collectionOf(projection.name, generation));
};

const startOf = (plan: Plan, generation: number, task: Task, kept?: KeptGeneration): UnfinishedRebuild => ({
  kind: plan.kind,
  generation,
  version: task.member.projection.version,
  position: kept?.position ?? String(START),
  events: 0,
  maxShare: plan.maxShare,
  paused: plan.control.isPaused(),
  begunAt: task.begunAt,
  from: kept?.generation ?? 0,
});

/** What stays beside the live documents while others are folded. */
const keptBeside = (member: Member, { kept }: Generations): KeptGeneration | null =>
  // Of before there were notes: it can only be removed.
  member.note.note.kept ?? (kept > 0 ? { generation: kept, version: 0, position: '0' } : null);

/** Gives the documents that are kept the number of the next generation, or makes an empty one. */
const makeShadow = async (
  { readModels }: MemberStore,
  { projection }: Member,
  plan: Plan,
  { generation, from }: UnfinishedRebuild,
): Promise<void> => {
  const { name, indexes } = projection;
  const collection = collectionOf(name, generation);
  if (from > 0) await readModels.rename(collectionOf(name, from), collection);
  if (isFolded(plan)) await readModels.reserve(collection, indexes);
  else await readModels.prepare(collection, indexes);
};

const beginAnew = async (store: MemberStore, task: Task, plan: Plan): Promise<UnfinishedRebuild> => {
  const { member } = task;
  const { projection, record } = member;
  const { name } = projection;
  if (plan.kind === 'verify' && !isComparable(member)) requireComparable(member);
  const records: readonly ProjectionRecord[] = await patiently(store, member, () =>
    store.readModels.projections(),
  );
  const generations = generationsOf(records, name);
  // Another one is live, and may have been dropped, when a swap came late: then this is all that there is to show.
  const shown = record?.generation ?? generations.live;
  const kept = keptBeside(member, generations);
  const isRebuilt = plan.kind === 'rebuild';
  const rolledBack = plan.kind === 'rollback' ? requireKept(member) : undefined;
  const rebuild = startOf(plan, generations.next, task, rolledBack);
  const note = { rebuild, kept: plan.kind === 'verify' ? kept : null };
  await patiently(store, member, () =>
    reserveGeneration(store.readModels, projection, generations.next, shown),
  );
  await saveNote(store, member, note);
  const old = [generations.unfinished, ...(isRebuilt ? [generations.kept, kept?.generation ?? 0] : [])];
  await patiently(store, member, () =>
    dropOld(
      store,
      member,
      old.filter((one) => isRebuilt || one !== kept?.generation),
      shown,
    ),
  );
  return rebuild;
};

/** The live documents, to be folded on. */
const liveOf = (task: Task, plan: Plan): UnfinishedRebuild => {
  const { generation = 0, position = START } = task.member.record ?? {};
  return { ...startOf(plan, generation, task), position: String(position) };
};

/** Takes up what is left of a rebuild. Rejects with `UNAVAILABLE` when another process does. */
const goOn = async (
  store: MemberStore,
  { member }: Task,
  left: UnfinishedRebuild,
): Promise<UnfinishedRebuild> => {
  await saveNote(store, member, member.note.note);
  return left;
};

/** Makes the documents of a task ready to be folded: those that were left, or new ones of a number that was never used. */
export const beginTask = async (store: MemberStore, task: Task, plan: Plan, clock: Clock): Promise<void> => {
  const { member } = task;
  if (plan.kind === 'retry') {
    openShadow(task, plan, liveOf(task, plan), clock);
    return;
  }
  const left = leftOf(member, plan);
  const rebuild = left === null ? await beginAnew(store, task, plan) : await goOn(store, task, left);
  await patiently(store, member, () => makeShadow(store, member, plan, rebuild));
  openShadow(task, plan, rebuild, clock);
  store.tell(member, 'state');
};
