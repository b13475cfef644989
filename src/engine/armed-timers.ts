import type { Pending } from '../domain/execution/pending.ts';
import type { Clock, Timer } from '../ports/clock.ts';

/** The times that executions wait for: one a step at most. */
export interface ArmedTimers {
  /** Fires at `dueAt` (ms since the Unix epoch); harmless when the step waits for a time already. */
  arm(id: string, step: string, dueAt: number): void;
  /** Lets go of times that are not what the execution waits for. */
  keepOnly(id: string, pending: readonly Pending[]): void;
  /** Lets go of the times of these executions. */
  cancel(ids: (id: string) => boolean): void;
}

interface Armed {
  readonly step: string;
  readonly dueAt: number;
  readonly timer: Timer;
}

/** Timers by a clock; `fire` is told when the time of an execution's step has come. */
export const createArmedTimers = (
  clock: Clock,
  fire: (id: string, step: string, dueAt: number) => void,
): ArmedTimers => {
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
    arm: (id, step, dueAt) => {
      const armed = timers.get(id) ?? [];
      if (armed.some((known) => known.step === step)) return;
      const timer = clock.schedule(dueAt, () => {
        keep(id, (known) => known.step !== step);
        fire(id, step, dueAt);
      });
      timers.set(id, [...armed, { step, dueAt, timer }]);
    },
    keepOnly: (id, pending) =>
      keep(id, ({ step, dueAt }) =>
        pending.some((waits) => waits.kind === 'timer' && waits.step === step && waits.dueAt === dueAt),
      ),
    cancel: (ids) => {
      for (const id of timers.keys()) if (ids(id)) keep(id, () => false);
    },
  };
};
