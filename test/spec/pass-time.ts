import type { HandClock } from './clock.ts';

/** The longest pause of whoever asks the log again. */
const LONGEST_PAUSE = 2_000;

/**
 * Lets the pauses of whoever asks a log again pass, one after the other, until something has ended. What is due
 * later, such as the end of a caller's patience, comes only by the sum of the pauses.
 */
export const passTime = async <T>(clock: HandClock, ended: Promise<T>): Promise<T> => {
  const waiting = { over: false };
  const settled = ended.finally(() => (waiting.over = true));
  // It is waited for below; Node must not take it for forgotten before.
  settled.catch(() => undefined);
  while (!waiting.over) {
    const next = (clock.due[0] ?? Infinity) - clock.now();
    if (next <= LONGEST_PAUSE) clock.advance(next);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return settled;
};
