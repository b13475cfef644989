import type { ScheduleEvent } from './events.ts';

/** A schedule as its events tell it. Times are ms since the Unix epoch. */
export interface ScheduleState {
  /** Every time up to here is dealt with. */
  readonly until: number;
  /** Times that wait for the run before to end, the oldest first. */
  readonly waiting: readonly number[];
  /** The run before; its definition is known unless that was said to go on meanwhile. */
  readonly last:
    { readonly execution: string; readonly definition?: string; readonly dueAt?: number } | undefined;
  readonly isPaused: boolean;
}

/** A schedule before its first event. */
export const UNSCHEDULED: ScheduleState = Object.freeze({
  until: 0,
  waiting: Object.freeze([]),
  last: undefined,
  isPaused: false,
});

/** The schedule after an event. */
export const evolveSchedule = (state: ScheduleState, event: ScheduleEvent): ScheduleState => {
  const { until, waiting: count } = event.facts;
  const known = event.type === 'schedule.queued' ? [...state.waiting, event.facts.dueAt] : state.waiting;
  // The oldest go first, whatever becomes of them.
  const waiting = count === 0 ? [] : known.slice(-count);
  const after = { ...state, until, waiting, isPaused: event.type === 'schedule.paused' };
  if (event.type === 'schedule.fired') {
    const { execution, definition, dueAt } = event.facts;
    return { ...after, last: { execution, definition, dueAt } };
  }
  if (event.type === 'schedule.skipped' && state.last?.execution !== event.facts.execution)
    return { ...after, last: { execution: event.facts.execution } };
  return after;
};

/** Whether the last events of a schedule say all of it: those before need not be read. */
export const isWhole = (last: readonly ScheduleEvent[]): boolean => {
  const queued = last.filter(({ type }) => type === 'schedule.queued').length;
  const isKnown = last.some(({ type }) => type === 'schedule.fired' || type === 'schedule.skipped');
  return isKnown && queued >= (last.at(-1)?.facts.waiting ?? 0);
};
