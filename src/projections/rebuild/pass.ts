import { collectionOf } from '../collection-of.ts';
import { knownOf } from '../known-documents.ts';
import { patiently, positionOf, saveLive } from '../member.ts';
import { stopped } from '../patience.ts';
import type { Rebuilt } from '../projector.ts';
import { beginTask } from './begin.ts';
import { createComparing, type Comparing } from './compare.ts';
import { createDays } from './days.ts';
import { follow } from './follow.ts';
import { makeIndexes } from './indexes.ts';
import { saveNote } from './notes.ts';
import { rest, stepAside } from './pauses.ts';
import {
  attempt,
  comparesWith,
  isAlive,
  isComparable,
  isFolded,
  liveEnd,
  type Plan,
  type RebuildParts,
  type Task,
} from './task.ts';

/** Fewer than this may be looked at again while others wait. */
const FEW = 500;
const MOST_LOOKS = 5;

const comparingOf = (parts: RebuildParts, plan: Plan, tasks: readonly Task[], task: Task): Comparing => {
  const { store, clock } = parts;
  const { member, shadow } = task;
  const { name } = member.projection;
  const live = isComparable(member) ? collectionOf(name, member.record?.generation ?? 0) : undefined;
  const { readModels } = store;
  let began = clock.now();
  return createComparing({
    live,
    days: plan.byDay ? createDays(name) : undefined,
    findsStrays: plan.kind === 'verify',
    shadow: shadow.fold.collection,
    readModels: {
      scan: (...page) => patiently(store, member, () => readModels.scan(...page)),
      lastKey: (collection) => patiently(store, member, () => readModels.lastKey(collection)),
      load: (...keys) => patiently(store, member, () => readModels.load(...keys)),
      strays: (...page) => patiently(store, member, () => readModels.strays(...page)),
    },
    step: async (looked) => {
      shadow.compared += looked;
      store.tell(member, 'state');
      await stepAside(parts, plan, tasks);
      await rest(parts, plan, tasks, clock.now() - began);
      began = clock.now();
    },
  });
};

/** Compares what is folded with what is live, as far as it can be while that is written on. */
const compare = async (parts: RebuildParts, plan: Plan, tasks: readonly Task[]): Promise<void> => {
  const alive = tasks.filter(isAlive);
  for (const task of alive)
    await attempt(task, async () => {
      task.shadow.phase = 'comparing';
      task.comparing = comparingOf(parts, plan, alive, task);
      await task.comparing.scan(task.shadow.fold.position);
    });
  const isFar = (task: Task): boolean => isAlive(task) && (task.comparing?.open() ?? 0) > FEW;
  for (let looks = 0; looks < MOST_LOOKS && alive.some(isFar); looks += 1) {
    await follow(parts, plan, alive, liveEnd);
    for (const task of alive.filter(isFar))
      await attempt(task, () => task.comparing?.again(task.shadow.fold.position, false) ?? Promise.resolve());
  }
};

/** Makes the documents of the shadow the live ones; those that were stay, to be brought back. */
const swap = async ({ store, main }: RebuildParts, { member, shadow }: Task): Promise<void> => {
  const { record, note } = member;
  if (record !== undefined && shadow.kind !== 'retry') {
    const position = String(positionOf(member));
    const kept = { generation: record.generation, version: record.version, position };
    await saveNote(store, member, { ...note.note, kept });
  }
  // What was never added takes much room to tell, which pays only while everything is added.
  shadow.fold.known = knownOf(member.projection, false);
  await saveLive(store, member, shadow.fold, shadow.fold.position);
  member.failure = undefined;
  member.caughtUp = main.caughtUp();
  main.joined();
  store.tell(member, 'documents');
};

/** Ends the comparison at a boundary of the main pass, where live documents stand still, and swaps those that are to be. */
const finish = (parts: RebuildParts, plan: Plan, tasks: readonly Task[]): Promise<void> => {
  const { main, turns } = parts;
  return turns(async () => {
    const compared = tasks.filter(({ comparing }) => comparing !== undefined);
    await follow(parts, plan, compared, liveEnd, false);
    for (const task of compared.filter(isAlive))
      await attempt(task, () => task.comparing?.again(task.shadow.fold.position, true) ?? Promise.resolve());
    if (plan.kind === 'verify') return;
    for (const { shadow } of tasks) shadow.phase = 'swapping';
    await follow(
      parts,
      plan,
      tasks,
      (task) => (main.position() > liveEnd(task) ? main.position() : liveEnd(task)),
      false,
    );
    for (const task of tasks.filter(isAlive)) await attempt(task, () => swap(parts, task));
  });
};

/** Lets go of what is not to be gone on with. What is left all the same goes at the next start, or with the next rebuild. */
const clear = async ({ store, signal }: RebuildParts, plan: Plan, task: Task): Promise<void> => {
  const { member, shadow } = task;
  const { note } = member.note;
  if (plan.kind === 'retry' && !isAlive(task) && shadow.fold.position > positionOf(member)) {
    // It has got further all the same.
    await saveLive(store, member, shadow.fold, shadow.fold.position);
    member.live = undefined;
  }
  if (signal.aborted || note.rebuild?.generation !== shadow.fold.generation) return;
  const isShown = isAlive(task) && plan.kind !== 'verify';
  const kept =
    isShown || note.rebuild.from === 0
      ? note.kept
      : { ...note.rebuild, position: String(shadow.fold.position) };
  const isKept = kept?.generation === note.rebuild.generation;
  await saveNote(store, member, {
    rebuild: null,
    kept:
      kept === null ? null : { generation: kept.generation, version: kept.version, position: kept.position },
  });
  if (!isShown && !isKept)
    await patiently(store, member, () => store.readModels.drop(shadow.fold.collection));
};

const rebuiltOf = ({ clock }: RebuildParts, plan: Plan, task: Task): Rebuilt => {
  const { generation, events, position } = task.shadow.fold;
  const { shadow: digest = null, comparison = null } = task.comparing?.result() ?? {};
  const duration = clock.now() - task.begunAt;
  return { kind: plan.kind, generation, events, duration, position, digest, comparison };
};

/** The farthest that any view or the log is known to be: nothing that is shown goes back to before it. */
const aimOf = async ({ log, store }: RebuildParts, tasks: readonly Task[]): Promise<bigint> => {
  const [first] = tasks;
  return first === undefined ? 0n : patiently(store, first.member, () => log.end());
};

const run = async (parts: RebuildParts, plan: Plan, tasks: readonly Task[]): Promise<void> => {
  const { store, clock, main } = parts;
  for (const task of tasks) store.tell(task.member, 'state');
  for (const task of tasks) await attempt(task, () => beginTask(store, task, plan, clock));
  await stepAside(parts, plan, tasks.filter(isAlive));
  const compared = tasks.filter((task) => comparesWith(plan, task));
  await follow(parts, plan, compared, liveEnd);
  await compare(parts, plan, compared);
  if (plan.kind !== 'verify') {
    const aim = await aimOf(parts, tasks);
    // Those whose live documents stand still have to get to where the others are.
    const alone = tasks.filter(({ member }) => member.live === undefined);
    for (const task of alone)
      await attempt(task, () => task.comparing?.again(task.shadow.fold.position, true) ?? Promise.resolve());
    const target = (task: Task) =>
      task.member.live === undefined ? (aim > main.position() ? aim : main.position()) : liveEnd(task);
    await follow(parts, plan, plan.kind === 'rollback' ? tasks : alone, target);
    if (isFolded(plan)) {
      await makeIndexes(parts, plan, tasks);
      await follow(parts, plan, tasks, target);
    }
  }
  await finish(parts, plan, tasks.filter(isAlive));
};

/**
 * Folds projections from the start of the log, or from where a rebuild of before was left, beside the live documents;
 * compares both, and swaps unless it is a dry run. One that fails leaves the pass, and the others go on. The caller
 * sees to it that each is in one pass at a time. Never rejects: each task says what came of it.
 */
export const runPass = async (
  parts: RebuildParts,
  plan: Plan,
  tasks: readonly Task[],
): Promise<ReadonlyMap<Task, Rebuilt>> => {
  try {
    await run(parts, plan, tasks);
  } catch (error) {
    for (const task of tasks) task.error ??= error;
  }
  const rebuilt = new Map<Task, Rebuilt>();
  for (const task of tasks) {
    const cleared = clear(parts, plan, task);
    await cleared.catch((error: unknown) => {
      if (parts.signal.aborted) task.error ??= stopped();
      else if (isAlive(task) && plan.kind === 'verify') task.error = error;
    });
    if (isAlive(task)) rebuilt.set(task, rebuiltOf(parts, plan, task));
    task.member.shadow = undefined;
    parts.store.tell(task.member, 'state');
  }
  plan.control.over();
  return rebuilt;
};
