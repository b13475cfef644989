import type { Clock } from './clock.ts';

/** Resolves after so many ms, or at once when nobody waits any more: nothing may keep a process that ends. */
export const wait = (clock: Clock, ms: number, over: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (over.aborted) {
      resolve();
      return;
    }
    const settle = (): void => {
      timer.cancel();
      over.removeEventListener('abort', settle);
      resolve();
    };
    const timer = clock.after(ms, settle);
    over.addEventListener('abort', settle);
  });
