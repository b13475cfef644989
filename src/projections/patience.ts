import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import { LogUnavailable } from '../ports/event-log.ts';
import { ReadModelsUnavailable } from '../ports/read-models.ts';
import { wait } from '../ports/wait.ts';

const FIRST = 100;
const LONGEST = 5_000;

/** What the projector does while a store or the log does not answer. */
export interface Patience {
  /**
   * Does the work, again and again while it fails for an outage, later each time; `told` hears of each outage,
   * and of its end. Rejects with `UNAVAILABLE` when the projector is stopped meanwhile.
   */
  retry<T>(work: () => Promise<T>, told: (outage: Error | undefined) => void): Promise<T>;
  /** Waits for so many ms; resolves at once when the projector is stopped. */
  wait(ms: number): Promise<void>;
  /** Waits after the `n`th failure in a row, from 0; at once when the projector is stopped. */
  pause(n: number): Promise<void>;
  /** Whether the projector was stopped. */
  ended(): boolean;
}

/** Whether an error is an outage, which passes. */
export const isOutage = (error: unknown): error is Error =>
  error instanceof ReadModelsUnavailable || error instanceof LogUnavailable;

/** The answer of a projector that was stopped. */
export const stopped = (): Rejection =>
  new Rejection('UNAVAILABLE', 'Expected the projector to run, but it was stopped.');

/** Patience by a clock, until the signal is aborted. */
export const createPatience = (clock: Clock, signal: AbortSignal): Patience => {
  const pause = (n: number): Promise<void> => wait(clock, Math.min(FIRST * 2 ** n, LONGEST), signal);
  return {
    wait: (ms) => wait(clock, ms, signal),
    pause,
    ended: () => signal.aborted,
    async retry(work, told) {
      for (let n = 0; !signal.aborted; n += 1) {
        try {
          const done = await work();
          if (n > 0) told(undefined);
          return done;
        } catch (error) {
          if (!isOutage(error)) throw error;
          told(error);
        }
        await pause(n);
      }
      throw stopped();
    },
  };
};
