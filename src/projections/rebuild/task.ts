import type { Clock } from '../../ports/clock.ts';
import { START, type EventLog } from '../../ports/event-log.ts';
import { openFold } from '../fold.ts';
import { knownOf } from '../known-documents.ts';
import type { MainPass } from '../main-pass.ts';
import { positionOf, type Member, type MemberStore } from '../member.ts';
import { createRate } from '../rate.ts';
import type { Turns } from '../turns.ts';
import { ViewsAhead } from '../views-ahead.ts';
import type { Comparing } from './compare.ts';
import type { Control } from './control.ts';
import type { Crews } from './crew.ts';
import { saveNotes, type RebuildKind, type UnfinishedRebuild } from './notes.ts';
import type { Shadow } from './shadow.ts';

/** What a rebuild works with. */
export interface RebuildParts {
  readonly log: EventLog;
  readonly store: MemberStore;
  readonly clock: Clock;
  /** The main pass's: whoever has the turn stands at a boundary of its batches. */
  readonly turns: Turns;
  readonly main: MainPass;
  readonly signal: AbortSignal;
  readonly batch: number;
  /** Where those are to be had who fold beside it. */
  readonly crews: Crews | undefined;
}

/** How projections are rebuilt together. */
export interface Plan {
  readonly kind: RebuildKind;
  readonly maxShare: number;
  /** It compares by day, too. */
  readonly byDay: boolean;
  readonly control: Control;
  /** It goes on with what is left of one of before. */
  readonly isLeft: boolean;
}

/** What is left of a rebuild, where the plan is to go on with it. */
export const leftOf = ({ note: { note } }: Member, { isLeft }: Plan): UnfinishedRebuild | null =>
  isLeft ? note.rebuild : null;

/** A projection in a pass. */
export interface Task {
  readonly member: Member;
  readonly begunAt: number;
  shadow: Shadow;
  comparing: Comparing | undefined;
  /** Set when it is out of the pass. */
  error: unknown;
}

/** A projection that is to be rebuilt; from now on it counts as being so. */
export const createTask = (member: Member, plan: Plan, clock: Clock): Task => {
  const left = leftOf(member, plan);
  const generation = left?.generation ?? (member.record?.generation ?? 0) + 1;
  const begunAt = left?.begunAt ?? clock.now();
  const task = {
    member,
    begunAt,
    shadow: shadowOf(member, plan, generation, 0n, begunAt, clock),
    comparing: undefined,
  };
  member.shadow = task.shadow;
  return { ...task, error: undefined };
};

const shadowOf = (
  { projection, parked }: Member,
  { kind, control, maxShare }: Plan,
  generation: number,
  position: bigint,
  begunAt: number,
  clock: Clock,
): Shadow => ({
  kind,
  control,
  maxShare,
  begunAt,
  fold: openFold(projection, generation, position, parked),
  phase: 'folding',
  from: position,
  since: clock.now(),
  rate: createRate(clock),
  restsUntil: 0,
  findsRemoved: false,
  compared: 0,
});

/** Puts the task to work on a generation as the note says. */
export const openShadow = (
  task: Task,
  plan: Plan,
  { generation, position, events }: UnfinishedRebuild,
  clock: Clock,
): void => {
  const { member, begunAt } = task;
  const at = BigInt(position);
  task.shadow = shadowOf(member, plan, generation, at, begunAt, clock);
  task.shadow.fold.events = events;
  if (isFolded(plan)) task.shadow.fold.known = knownOf(task.member.projection, at === START);
  member.shadow = task.shadow;
};

/** Where a task is to get to; may move on meanwhile. */
export type Target = (task: Task) => bigint;

/** Whether it goes on. */
export const isAlive = ({ error }: Task): boolean => error === undefined;

/** Those that go on and are not at their targets. */
export const behind = (tasks: readonly Task[], target: Target): readonly Task[] =>
  tasks.filter((task) => isAlive(task) && task.shadow.fold.position < target(task));

/** Does work for one task; whatever is thrown takes that one out of the pass, and no other. */
export const attempt = async (task: Task, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    task.error = error;
  }
};

/** Whether it folds documents from the start of the log, beside those that are live. */
export const isFolded = ({ kind }: Plan): boolean => kind === 'rebuild' || kind === 'verify';

/** Whether what it folds is compared with what is live. */
export const comparesWith = (plan: Plan, { member }: Task): boolean => isFolded(plan) && isComparable(member);

/** Whether its live documents say what this version makes of the log up to where they are. */
export const isComparable = ({ record, projection, failure }: Member): boolean =>
  record !== undefined && record.version === projection.version && !(failure instanceof ViewsAhead);

/** Everything up to here is to be in the shadow before it is compared: what the live documents have. */
export const liveEnd = ({ member }: Task): bigint => positionOf(member);

/** Stores how far tasks are. Those that another process has gone on with are out of the pass. */
export const saveProgress = async (store: MemberStore, tasks: readonly Task[]): Promise<void> => {
  const changes = tasks.filter(isAlive).flatMap(({ member, shadow: { fold, control } }) => {
    const { note } = member.note;
    if (note.rebuild === null) return [];
    const position = String(fold.position);
    const rebuild = { ...note.rebuild, position, events: fold.events, paused: control.isPaused() };
    return [{ member, note: { ...note, rebuild } }];
  });
  const lost = await saveNotes(store, changes);
  for (const task of tasks) task.error ??= lost.get(task.member);
};
