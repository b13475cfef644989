import type { ProgressListener, ProjectionProgress } from './projector.ts';

/** Those who are told of progress. */
export interface Listeners {
  add: (listener: ProgressListener) => () => void;
  tell: (progress: readonly ProjectionProgress[]) => void;
}

/** Nobody is told yet. */
export const createListeners = (): Listeners => {
  const listeners = new Set<ProgressListener>();
  return {
    add(listener) {
      // One function may be added twice, and taken away once.
      const own: ProgressListener = (progress) => listener(progress);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    tell(progress) {
      for (const listener of listeners) {
        try {
          listener(progress);
        } catch (error) {
          // A listener's fault is the process's to report, and none of the projector's.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
};
