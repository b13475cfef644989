import type { Clock } from '../../ports/clock.ts';

/** Node's timers take no longer delay than this. */
const LONGEST = 2_147_483_647;

/** The machine's clock. */
export const systemClock = (): Clock => ({
  now: () => Date.now(),
  schedule: (at, fire) => {
    let handle: NodeJS.Timeout;
    const arm = () => {
      const left = Math.max(0, at - Date.now());
      // A timer may fire a fraction of a millisecond early, and a long delay comes in parts.
      handle = setTimeout(() => (Date.now() < at ? arm() : fire()), Math.min(left, LONGEST));
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  },
});
