import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until it is told to go on. */
export interface HandClock extends Clock {
  /** Moves the time and makes the calls that are due, in their order. */
  advance(ms: number): void;
  /** Resolves once a call is scheduled for exactly this time. */
  armed(at: number): Promise<void>;
  /** Times of the calls that are still to be made, soonest first. */
  readonly due: readonly number[];
}

interface Armed {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that is driven by hand, from a time on (ms since the Unix epoch). */
export const handClock = (start = Date.UTC(2026, 0, 31, 9)): HandClock => {
  let now = start;
  const armed = new Set<Armed>();
  const waiting = new Set<{ readonly at: number; readonly resolve: () => void }>();
  const soonest = (): Armed | undefined => [...armed].sort((a, b) => a.at - b.at)[0];
  const schedule: Clock['schedule'] = (at, fire) => {
    const timer = { at, fire };
    armed.add(timer);
    for (const waiter of waiting) if (waiter.at === at) waiter.resolve();
    return { cancel: () => void armed.delete(timer) };
  };
  return {
    now: () => now,
    schedule,
    after: (ms, fire) => schedule(now + ms, fire),
    advance: (ms) => {
      const until = now + ms;
      for (let next = soonest(); next !== undefined && next.at <= until; next = soonest()) {
        armed.delete(next);
        now = Math.max(now, next.at);
        next.fire();
      }
      now = until;
    },
    armed: async (at) => {
      if ([...armed].some((timer) => timer.at === at)) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiter = { at, resolve };
      waiting.add(waiter);
      await promise;
      waiting.delete(waiter);
    },
    get due() {
      return [...armed].map(({ at }) => at).sort((a, b) => a - b);
    },
  };
};
