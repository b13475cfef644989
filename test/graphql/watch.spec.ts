import { expect, it, onTestFinished } from 'vitest';
import { watch } from '../../src/graphql/feed/watch.ts';
import { handClock } from '../spec/clock.ts';

const NEVER = Number.MAX_SAFE_INTEGER;

/** Something that changes with each look, each of which takes so many ms from the second one on. */
const watched = async (takes: number) => {
  const clock = handClock(0);
  let looks = 0;
  let changed: () => void = () => undefined;
  const source = await watch({
    clock,
    query: () => {
      looks += 1;
      if (looks > 1) clock.advance(takes);
      return Promise.resolve(looks);
    },
    same: (value, last) => value === last,
    listen: (mark) => {
      changed = mark;
      return () => undefined;
    },
    changesAt: () => NEVER,
  });
  onTestFinished(async () => {
    await source.return();
  });
  await source.next();
  return {
    clock,
    /** Resolves with how long it is not looked at once it has changed. */
    restOf: async (): Promise<number> => {
      const next = source.next();
      const from = clock.now();
      changed();
      await expect.poll(() => clock.due.filter((at) => at < NEVER)).toHaveLength(1);
      const [at = NEVER] = clock.due;
      clock.advance(at - from);
      await next;
      return at - from;
    },
  };
};

it.each([
  [0, 200],
  [50, 200],
  [1_500, 6_000],
  [3_600_000, 60_000],
])('what takes %i ms to find out is let alone for %i ms', async (takes, rest) => {
  const { restOf } = await watched(takes);
  // What the first look takes may be a wait.
  expect(await restOf()).toBe(200);
  expect(await restOf()).toBe(rest);
  expect(await restOf()).toBe(rest);
});
