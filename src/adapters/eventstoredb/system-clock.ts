import type { Clock } from '../../ports/clock.ts';

/** The machine's clock, for waits of less than 24 days. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (at, fire) => {
    const timer = setTimeout(fire, Math.max(0, at - Date.now()));
    return { cancel: () => clearTimeout(timer) };
  },
  after: (ms, fire) => {
    const timer = setTimeout(fire, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
