import type { Clock } from '../../src/ports/clock.ts';

/** The clock of one owner: once it is cut, nothing that the owner scheduled happens any more. */
export interface OwnedClock extends Clock {
  /** Calls of the owner that are still to be made. */
  readonly armed: number;
  cut(): void;
}

/** Time that passes only when it is told to. Calls that are due at the same time are made in the order in which they were scheduled. */
export interface VirtualClock extends Clock {
  /** Goes on to the next call that is due and makes it; false when there is none. */
  step(): boolean;
  owned(owner: string): OwnedClock;
  /** Who has calls that are still to be made, each with how many. */
  armed(): readonly string[];
}

interface Armed {
  readonly at: number;
  readonly owner: string;
  readonly fire: () => void;
}

/** A clock that stands at a time (ms since the Unix epoch) until it is stepped. */
export const virtualClock = (start = Date.UTC(2026, 0, 31, 23, 40)): VirtualClock => {
  let now = start;
  // Soonest last, so that the next one is taken off the end.
  const queue: Armed[] = [];

  const insert = (timer: Armed): void => {
    let [low, high] = [0, queue.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((queue[middle] as Armed).at > timer.at) low = middle + 1;
      else high = middle;
    }
    queue.splice(low, 0, timer);
  };

  const remove = (timer: Armed): void => {
    const index = queue.indexOf(timer);
    if (index >= 0) queue.splice(index, 1);
  };

  const owned = (owner: string): OwnedClock => {
    let isCut = false;
    const mine = () => queue.filter((timer) => timer.owner === owner);
    const schedule: Clock['schedule'] = (at, fire) => {
      const timer = { at: Math.max(at, now), owner, fire };
      if (!isCut) insert(timer);
      return { cancel: () => remove(timer) };
    };
    return {
      now: () => now,
      schedule,
      after: (ms, fire) => schedule(now + ms, fire),
      get armed() {
        return mine().length;
      },
      cut: () => {
        isCut = true;
        for (const timer of mine()) remove(timer);
      },
    };
  };

  const { schedule, after } = owned('somebody');
  return {
    now: () => now,
    schedule,
    after,
    owned,
    step: () => {
      const next = queue.pop();
      if (next === undefined) return false;
      now = next.at;
      next.fire();
      return true;
    },
    armed: () => {
      const counts = Map.groupBy(queue, ({ owner }) => owner);
      return [...counts].map(([owner, timers]) => `${owner}: ${timers.length}`);
    },
  };
};
