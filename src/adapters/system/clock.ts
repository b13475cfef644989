import type { Clock } from '../../ports/clock.ts';
import { createTimers } from './timers.ts';

/** The machine's clock. Whatever is scheduled costs one timer of Node, and whatever waits one more. */
export const systemClock = (): Clock => {
  const dates = createTimers(() => Date.now());
  const waits = createTimers(() => performance.now());
  return {
    now: () => Date.now(),
    schedule: dates.at,
    after: (ms, fire) => waits.at(performance.now() + ms, fire),
  };
};
