import type { Pending } from '../domain/execution/pending.ts';
import type { Clock, Timer } from '../ports/clock.ts';

/** The times that executions wait for: one each at most. */
export interface ArmedTimers {
  /** Fires at `dueAt` (ms since the Unix epoch); harmless when the execution waits for a time already. */
  arm(id: string, step: string, dueAt: number): void;
  /** Lets go of a time that is not what the execution waits for. */
  keepOnly(id: string, pending: Pending | undefined): void;
  /** Lets go of the times of these executions. */
  cancel(ids: (id: string) => boolean): void;
}

/** Timers by a clock; `fire` is told when the time of an execution's step has come. */
export const createArmedTimers = (
  clock: Clock,
  fire: (id: string, step: string, dueAt: number) => void,
): ArmedTimers => {
  const timers = new Map<string, { readonly step: string; readonly dueAt: number; readonly timer: Timer }>();

  const letGo = (id: string, timer: Timer): void => {
    timers.delete(id);
    timer.cancel();
  };

  return {
    arm: (id, step, dueAt) => {
      if (timers.has(id)) return;
      const timer = clock.schedule(dueAt, () => {
        timers.delete(id);
        fire(id, step, dueAt);
      });
      timers.set(id, { step, dueAt, timer });
    },
    keepOnly: (id, pending) => {
      const armed = timers.get(id);
      if (armed === undefined) return;
      const { step, dueAt, timer } = armed;
      if (pending?.kind !== 'timer' || pending.step !== step || pending.dueAt !== dueAt) letGo(id, timer);
    },
    cancel: (ids) => {
      for (const [id, { timer }] of timers) if (ids(id)) letGo(id, timer);
    },
  };
};
