import type { Schedule } from '../definition/schedule.ts';
import { scheduledIdOf } from '../uuid.ts';
import { latestDue } from './due.ts';
import type { ScheduleEvent } from './events.ts';
import type { ScheduleState } from './state.ts';

/** Milliseconds that a time may be late and still be on time: a restart, or another node that takes over. */
export const GRACE = 60_000;

/** The most times that are made up for, and that wait for the run before to end. */
export const MOST = 100;

/** A workflow that is started by a schedule. */
export interface Scheduled {
  readonly workflow: string;
  /** Hash of the version that is started. */
  readonly definition: string;
  readonly schedule: Schedule;
  /** The schedule is that since then, ms since the Unix epoch: no time up to here is one of its. */
  readonly since: number;
}

/** What there is to do about a schedule: something that happens now, or nothing before `wakeAt` or the end of a run. */
export type NextTurn =
  | { readonly event: ScheduleEvent }
  | {
      readonly event?: undefined;
      /** Ms since the Unix epoch. */
      readonly wakeAt: number | undefined;
      readonly untilEnded: string | undefined;
    };

const AT_REST: NextTurn = { wakeAt: undefined, untilEnded: undefined };

/** Whether the run before matters: whoever does not know whether it goes on has to ask. */
export const asksForLast = ({ last, isPaused }: ScheduleState, { schedule }: Scheduled): boolean =>
  !isPaused && last !== undefined && schedule.overlap !== 'allow';

/** What follows at a time, by whether the run before still goes on. One event a turn, until there is none. */
export const nextTurn = (
  state: ScheduleState,
  { workflow, definition, schedule, since }: Scheduled,
  { now, isRunning }: { readonly now: number; readonly isRunning: boolean },
): NextTurn => {
  if (state.isPaused) return AT_REST;
  const until = Math.max(state.until, since);
  const { last } = state;
  const waiting = state.waiting.length;
  const execution = last?.execution ?? '';
  const fire = (dueAt: number, facts: { readonly until: number; readonly waiting: number }): NextTurn => ({
    event: {
      type: 'schedule.fired',
      facts: { workflow, ...facts, dueAt, definition, execution: scheduledIdOf(workflow, dueAt) },
    },
  });

  const [first] = state.waiting;
  if (first !== undefined && first <= since) {
    const facts = { workflow, until: state.until, waiting: waiting - 1, dueAt: first };
    return { event: { type: 'schedule.skipped', facts: { ...facts, reason: 'changed', execution } } };
  }
  if (first !== undefined && !isRunning) return fire(first, { until: state.until, waiting: waiting - 1 });

  const due = schedule.next(until);
  if (due === undefined || due > now)
    return { wakeAt: due, untilEnded: first === undefined ? undefined : execution };
  const missed = missedUntil(schedule, until, now);
  if (missed !== undefined && missed >= due) {
    return { event: { type: 'schedule.missed', facts: { workflow, until: missed, waiting, after: until } } };
  }
  if (!isRunning && first === undefined) return fire(due, { until: due, waiting });
  const facts = { workflow, until: due, waiting, dueAt: due };
  if (schedule.overlap !== 'queue')
    return { event: { type: 'schedule.skipped', facts: { ...facts, reason: 'overlap', execution } } };
  if (waiting >= MOST)
    return { event: { type: 'schedule.skipped', facts: { ...facts, reason: 'queue_full', execution } } };
  return { event: { type: 'schedule.queued', facts: { ...facts, waiting: waiting + 1 } } };
};

/** Up to when times are not made up for; `undefined` when all of them are. */
const missedUntil = ({ next, catchUp }: Schedule, after: number, now: number): number | undefined => {
  if (catchUp === 'none') return now - GRACE - 1;
  const kept = latestDue(next, after, now, catchUp === 'last' ? 1 : MOST);
  return kept[0] === undefined ? undefined : kept[0] - 1;
};

/** What an operator asks of a schedule, and why. */
export interface ScheduleCommand {
  readonly type: 'pause' | 'resume';
  readonly reason: string;
}

/** What follows from an operator's command at a time; nothing when it is so already. */
export const decideSchedule = (
  state: ScheduleState,
  workflow: string,
  { type, reason }: ScheduleCommand,
  now: number,
): ScheduleEvent | undefined => {
  if (state.isPaused === (type === 'pause')) return undefined;
  const facts = { workflow, until: state.until, waiting: state.waiting.length };
  if (type === 'pause') return { type: 'schedule.paused', facts, payload: { reason } };
  const until = Math.max(state.until, now);
  return { type: 'schedule.resumed', facts: { ...facts, until }, payload: { reason } };
};
