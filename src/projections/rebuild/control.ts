import { Rejection } from '../../domain/rejection.ts';
import { stopped } from '../patience.ts';

/** Holds a rebuild up, and lets it go on. */
export interface Control {
  /** Whether it is to stand still. */
  isPaused(): boolean;
  /** Resolves when it stands still, or is over. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends it at its next step. */
  cancel(): void;
  /** To be called between steps: rejects when it was cancelled, or the projector stopped. `standing` is called when it begins to stand still, and when it goes on. */
  step(standing: () => Promise<void>): Promise<void>;
  /** There is nothing to hold up any more. */
  over(): void;
}

const cancelled = (): Rejection =>
  new Rejection('REBUILD_CANCELLED', 'Expected the rebuild to go on, but it was cancelled.');

/** A control of a rebuild that runs, or waits from the beginning, until the projector's signal. */
export const createControl = (signal: AbortSignal, paused = false): Control => {
  const state = { isPaused: paused, isCancelled: false, isStanding: false };
  let wake = Promise.withResolvers<void>();
  const waiting = new Set<() => void>();

  const change = (): void => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  const answer = (): void => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const check = (): void => {
    if (signal.aborted) throw stopped();
    if (state.isCancelled) throw cancelled();
  };
  signal.addEventListener('abort', change);

  return {
    isPaused: () => state.isPaused,
    pause: () => {
      state.isPaused = true;
      return state.isStanding ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve));
    },
    resume: () => {
      state.isPaused = false;
      answer();
      change();
    },
    cancel: () => {
      state.isCancelled = true;
      change();
    },
    async step(standing) {
      check();
      if (!state.isPaused) return;
      await standing();
      state.isStanding = true;
      answer();
      while (state.isPaused && !state.isCancelled && !signal.aborted) await wake.promise;
      state.isStanding = false;
      check();
      await standing();
    },
    over: () => {
      signal.removeEventListener('abort', change);
      answer();
    },
  };
};
