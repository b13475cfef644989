import type { Pending, PendingTimer } from '../domain/execution/pending.ts';
import type { Clock, Timer } from '../ports/clock.ts';

/** A time that a step waits for, or a limit of it. */
export type Due = Omit<PendingTimer, 'kind'>;

/** The times that executions wait for: one of each kind a step at most. */
export interface ArmedTimers {
  /** Fires at `dueAt` (ms since the Unix epoch); harmless when the step waits for a time of that kind already. */
  arm(id: string, due: Due): void;
  /** Lets go of times that are not what the execution waits for. */
  keepOnly(id: string, pending: readonly Pending[]): void;
  /** Lets go of the times of these executions. */
  cancel(ids: (id: string) => boolean): void;
}

interface Armed {
  readonly due: Due;
  readonly timer: Timer;
}

const isOfKind = (one: Due, other: Due): boolean => one.step === other.step && one.limit === other.limit;

/** Timers by a clock; `fire` is told when the time of an execution's step has come. */
export const createArmedTimers = (clock: Clock, fire: (id: string, due: Due) => void): ArmedTimers => {
  const timers = new Map<string, readonly Armed[]>();

  const keep = (id: string, isKept: (armed: Armed) => boolean): void => {
    const armed = timers.get(id);
    if (armed === undefined || armed.every(isKept)) return;
    const kept = armed.filter(isKept);
    for (const one of armed) if (!kept.includes(one)) one.timer.cancel();
    if (kept.length === 0) timers.delete(id);
    else timers.set(id, kept);
  };

  return {
    arm: (id, due) => {
      const armed = timers.get(id) ?? [];
      if (armed.some((known) => isOfKind(known.due, due))) return;
      const timer = clock.schedule(due.dueAt, () => {
        keep(id, (known) => !isOfKind(known.due, due));
        fire(id, due);
      });
      timers.set(id, [...armed, { due, timer }]);
    },
    keepOnly: (id, pending) =>
      keep(id, ({ due }) =>
        pending.some((waits) => waits.kind === 'timer' && isOfKind(waits, due) && waits.dueAt === due.dueAt),
      ),
    cancel: (ids) => {
      for (const id of timers.keys()) if (ids(id)) keep(id, () => false);
    },
  };
};
