import type { Timer } from '../../ports/clock.ts';
import { createTimerHeap, type Scheduled } from './timer-heap.ts';

// Time may be set, or stand still while the machine sleeps; so it is looked at now and then.
const LONGEST = 10_000;

// Milliseconds that calls which are due together may take before others get their turn.
const SLICE = 5;

/** Calls at times. */
export interface Timers {
  /** Calls `fire` once at or after `at`. */
  at(at: number, fire: () => void): Timer;
}

/** Calls by a time in ms, whichever that is. Any number of them costs one timer of Node. */
export const createTimers = (now: () => number): Timers => {
  const heap = createTimerHeap();
  let count = 0;
  let wakesAt = Infinity;
  let timeout: NodeJS.Timeout | undefined;
  let firing = false;

  const arm = (): void => {
    const at = heap.first?.at ?? Infinity;
    // Woken too early it only looks, which is cheaper than a new timer for each that is cancelled.
    if (firing || (at >= wakesAt && at < Infinity)) return;
    clearTimeout(timeout);
    wakesAt = at;
    if (at === Infinity) return;
    const left = at - now();
    if (left > LONGEST) wakesAt = at - left + LONGEST;
    timeout = setTimeout(wake, Math.min(Math.max(left, 0), LONGEST));
  };

  const wake = (): void => {
    firing = true;
    const until = performance.now() + SLICE;
    let more = false;
    try {
      // A timer of Node may come a fraction of a millisecond early.
      for (let next = heap.first; next !== undefined && next.at <= now(); next = heap.first) {
        more = performance.now() >= until;
        if (more) break;
        heap.remove(next);
        next.fire();
      }
    } finally {
      if (more) setImmediate(wake);
      else {
        firing = false;
        wakesAt = Infinity;
        arm();
      }
    }
  };

  return {
    at: (at, fire) => {
      const timer: Scheduled = { at, fire, number: (count += 1), index: -1 };
      heap.add(timer);
      arm();
      return {
        cancel: () => {
          heap.remove(timer);
          arm();
        },
      };
    },
  };
};
