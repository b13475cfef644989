import type { DomainEvent } from '../event.ts';

interface OfSchedule {
  readonly workflow: string;
  /** Every time up to here is dealt with; ms since the Unix epoch. */
  readonly until: number;
  /** How many times wait for the run before to end: those that were queued last. */
  readonly waiting: number;
}

interface OfTime extends OfSchedule {
  /** The time that is meant; ms since the Unix epoch. */
  readonly dueAt: number;
}

/** An operator's decision; the payload is why, as it was given. */
type Decided<Type extends string> = DomainEvent<Type, OfSchedule, { readonly reason: string }> & {
  readonly payload: { readonly reason: string };
};

/** An execution is started for a time: this one, by that version (its hash). */
export type ScheduleFired = DomainEvent<
  'schedule.fired',
  OfTime & { readonly definition: string; readonly execution: string },
  undefined
>;

/** A time has come while the run before goes on; it is started when that has ended. */
export type ScheduleQueued = DomainEvent<'schedule.queued', OfTime, undefined>;

/**
 * Nothing is started for a time: `overlap`, the run before goes on (`execution`); `queue_full`, so many wait for that;
 * `changed`, it waited while the schedule was replaced.
 */
export type ScheduleSkipped = DomainEvent<
  'schedule.skipped',
  OfTime & { readonly reason: 'overlap' | 'queue_full' | 'changed'; readonly execution: string },
  undefined
>;

/** Times behind `after` and up to `until` came while nobody looked, and are not made up for. */
export type ScheduleMissed = DomainEvent<
  'schedule.missed',
  OfSchedule & { readonly after: number },
  undefined
>;

/** Nothing is started by the schedule any more, until it is resumed. */
export type SchedulePaused = Decided<'schedule.paused'>;

/** Times that come from `until` on are started again; those meanwhile are not. */
export type ScheduleResumed = Decided<'schedule.resumed'>;

/** Everything that can happen to a schedule. */
export type ScheduleEvent =
  ScheduleFired | ScheduleQueued | ScheduleSkipped | ScheduleMissed | SchedulePaused | ScheduleResumed;
