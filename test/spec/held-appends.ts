import type { EventLog } from '../../src/ports/event-log.ts';

/** Appends that are held back until somebody lets them go. */
export interface HeldAppends {
  /** Resolves when the first one has begun. */
  readonly begun: Promise<void>;
  readonly release: () => void;
  /** Holds back what is appended to a log. */
  readonly decorate: (log: EventLog) => EventLog;
}

/** Holds back every append from now on. */
export const holdAppends = (): HeldAppends => {
  const appending = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  return {
    begun: appending.promise,
    release: released.resolve,
    decorate: (log) => ({
      ...log,
      append: async (commit) => {
        appending.resolve();
        await released.promise;
        return log.append(commit);
      },
    }),
  };
};
