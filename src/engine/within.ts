import type { Clock } from '../ports/clock.ts';

/** Answers whether work comes to its end within `grace` ms. When it does not, the signal tells it that nobody waits for it any more. */
export const within = async (
  clock: Clock,
  grace: number,
  work: (over: AbortSignal) => Promise<unknown>,
): Promise<boolean> => {
  const { promise: late, resolve: end } = Promise.withResolvers<false>();
  const over = new AbortController();
  const timer = clock.after(grace, () => end(false));
  try {
    return await Promise.race([late, work(over.signal).then(() => true)]);
  } finally {
    timer.cancel();
    over.abort();
  }
};
