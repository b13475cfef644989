import type { Clock } from '../../ports/clock.ts';

/** A pause that can be cut short. */
export interface Nap {
  /** Resolves after so many ms, or when it is woken; at once when that happened since the last pause. */
  take(ms: number): Promise<void>;
  wake(): void;
}

/** A nap by a clock. */
export const createNap = (clock: Clock): Nap => {
  let woken = false;
  let end: () => void = () => undefined;
  return {
    take: async (ms) => {
      if (!woken) {
        const { promise, resolve } = Promise.withResolvers<void>();
        end = resolve;
        const timer = clock.after(ms, resolve);
        await promise;
        timer.cancel();
      }
      woken = false;
    },
    wake: () => {
      woken = true;
      end();
    },
  };
};
