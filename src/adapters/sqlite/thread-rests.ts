import type { Clock } from '../../ports/clock.ts';

const FIRST = 100;
const LONGEST = 5_000;

/** Rests before a thread is started again, each longer than the one before until it has done something. */
export interface Rests {
  /** Whether it rests. */
  readonly isResting: boolean;
  begin(then: () => void): void;
  /** It has done something: the next rest is as short as the first. */
  over(): void;
  /** Nothing comes of a rest that has begun. */
  cancel(): void;
}

/** Rests by a clock. */
export const createRests = (clock: Pick<Clock, 'after'>): Rests => {
  let rest: { cancel(): void } | undefined;
  let failures = 0;
  return {
    get isResting() {
      return rest !== undefined;
    },
    begin(then) {
      rest?.cancel();
      rest = clock.after(Math.min(FIRST * 2 ** failures, LONGEST), () => {
        rest = undefined;
        then();
      });
      failures += 1;
    },
    over: () => (failures = 0),
    cancel() {
      rest?.cancel();
      rest = undefined;
    },
  };
};
