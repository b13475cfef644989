import type { Clock } from '../ports/clock.ts';

/** Calls that wait for progress. */
export interface Waiters {
  /**
   * Resolves when `look` answers true, looked at now and after each progress; rejects with what it throws,
   * and with what `late` answers after `timeout` ms.
   */
  wait(look: () => boolean, timeout: number, late: () => Error): Promise<void>;
  /** There was progress. */
  look(): void;
}

/** Waiters by a clock. */
export const createWaiters = (clock: Clock): Waiters => {
  const waiting = new Set<() => void>();
  return {
    wait: (look, timeout, late) =>
      new Promise((resolve, reject) => {
        const settle = (settled: () => void): void => {
          waiting.delete(check);
          timer.cancel();
          settled();
        };
        const check = (): void => {
          try {
            if (look()) settle(resolve);
          } catch (error) {
            settle(() => reject(error));
          }
        };
        const timer = clock.after(timeout, () => settle(() => reject(late())));
        waiting.add(check);
        check();
      }),
    look() {
      for (const check of waiting) check();
    },
  };
};
