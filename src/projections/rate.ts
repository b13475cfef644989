import type { Clock } from '../ports/clock.ts';

const SECONDS = 10;

/** How many a second, lately. */
export interface Rate {
  add(count: number): void;
  /** Mean of the last ten seconds, or of those since the first was added. */
  perSecond(): number;
}

/** A rate by a clock. */
export const createRate = (clock: Clock): Rate => {
  const counts: number[] = Array.from({ length: SECONDS }, () => 0);
  let since: number | undefined;
  let latest = 0;

  const forget = (second: number): void => {
    const from = Math.max(latest + 1, second - SECONDS + 1);
    for (let old = from; old <= second; old += 1) counts[old % SECONDS] = 0;
    latest = Math.max(latest, second);
  };

  return {
    add(count) {
      const now = clock.now();
      since ??= now;
      forget(Math.floor(now / 1_000));
      counts[latest % SECONDS] = (counts[latest % SECONDS] ?? 0) + count;
    },
    perSecond() {
      if (since === undefined) return 0;
      const now = clock.now();
      forget(Math.floor(now / 1_000));
      const window = Math.min(now - since, (SECONDS - 1) * 1_000 + (now % 1_000));
      return (counts.reduce((sum, count) => sum + count, 0) * 1_000) / Math.max(window, 1_000);
    },
  };
};
