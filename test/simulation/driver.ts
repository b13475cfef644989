import type { World } from './world.ts';

/** Turns after which whoever has given way to others, as recovery does behind a page, has gone on: that takes no time. */
const TURNS = 3;

/** Lets everything happen that needs no time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

/** Rounds of turns without anything else after which nobody is said to give way any more, as a rebuild does behind each piece. */
const STILL = 100;

/** The most calls of the clock in one run: more is going round in circles. */
const MOST = 200_000;

/** Drives a run. */
export interface Driver {
  /** Resolves when nothing happens any more by itself. */
  quiet(): Promise<void>;
  /**
   * Lets time pass until the work has ended, or an invariant does not hold. A hang, in which somebody
   * waits and nothing can happen any more, is one too.
   */
  drive(work: Promise<void>): Promise<void>;
}

/** A driver of a world. */
export const createDriver = (world: World): Driver => {
  let quiet: (() => void)[] = [];
  const hang = (invariant: string): void =>
    world.broken(invariant, { waiting: world.waiting, armed: world.clock.armed() });
  return {
    quiet: () => new Promise((resolve) => quiet.push(resolve)),
    drive: async (work) => {
      let isOver = false;
      const over = () => void (isOver = true);
      work.then(over, over);
      let still = 0;
      for (let steps = 0; ; steps += 1) {
        await settle();
        if (isOver) return work;
        if (world.found.length > 0) return;
        if (steps > MOST) return hang('a run comes to an end');
        if (world.clock.step()) {
          still = 0;
          continue;
        }
        if (quiet.length === 0) {
          still += 1;
          if (still > STILL) return hang('nobody waits for ever');
          continue;
        }
        const woken = quiet;
        quiet = [];
        for (const wake of woken) wake();
      }
    },
  };
};
