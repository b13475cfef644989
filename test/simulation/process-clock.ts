import type { Clock, Timer } from '../../src/ports/clock.ts';
import type { Gate } from './gate.ts';

/** How a machine's clock goes against the true time. */
export interface Skew {
  /** Ms that it is ahead. */
  readonly offset: number;
  /** Ms that it counts in a true one. */
  readonly rate: number;
}

/** A clock without fault. */
export const EXACT: Skew = { offset: 0, rate: 1 };

/** The clock of a process: its machine's, and nothing comes due while the process is frozen. */
export interface ProcessClock extends Clock {
  /** Ms since the process started, by a clock that nobody sets. */
  elapsed(): number;
  /** Somebody sets the clock to so many ms ahead of what it should be. */
  set(ms: number): void;
}

/** A process' clock on the true time. */
export const processClock = (truth: Clock, gate: Gate, { offset, rate }: Skew = EXACT): ProcessClock => {
  const start = truth.now();
  let ahead = offset;
  const dates = new Set<() => void>();
  const elapsed = (): number => Math.floor((truth.now() - start) * rate);
  const now = (): number => start + ahead + elapsed();
  const after: Clock['after'] = (ms, fire) => {
    let isOff = false;
    const due = (): void => (isOff ? undefined : fire());
    // Elapsed time is cut off to whole ms, so that one more may be missing.
    const wait = Math.ceil(rate === 1 ? ms : (ms + 1) / rate);
    const timer = truth.after(wait, () => gate.pass('time', due));
    return {
      cancel: () => {
        isOff = true;
        timer.cancel();
      },
    };
  };
  return {
    now,
    elapsed,
    after,
    schedule: (at, fire) => {
      let timer: Timer;
      const look = (): void => {
        if (now() < at) return wait();
        dates.delete(again);
        fire();
      };
      const wait = (): void => {
        timer = after(Math.max(0, at - now()), look);
      };
      const again = (): void => {
        timer.cancel();
        wait();
      };
      wait();
      dates.add(again);
      return {
        cancel: () => {
          dates.delete(again);
          timer.cancel();
        },
      };
    },
    set: (ms) => {
      ahead = ms;
      for (const again of dates) again();
    },
  };
};
