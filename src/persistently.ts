import { Rejection } from './domain/rejection.ts';
import type { Clock } from './ports/clock.ts';
import { LogUnavailable } from './ports/event-log.ts';
import type { Logger } from './ports/logger.ts';
import { ReadModelsUnavailable } from './ports/read-models.ts';
import { wait } from './ports/wait.ts';

const PAUSE = 1_000;

/** Whether what went wrong may go by itself. */
export const isPassing = (error: unknown): error is Error =>
  error instanceof LogUnavailable ||
  error instanceof ReadModelsUnavailable ||
  (error instanceof Rejection && (error.code === 'WAIT_TIMEOUT' || error.code === 'UNAVAILABLE'));

/** Who waits, and until when it is worth it. */
export interface Persistence {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted once there is nobody any more to wait for the result. */
  readonly ending: AbortSignal;
}

/**
 * Does something at start however long a store is away or views are behind, and says so in the log each time.
 * Rejects with what goes wrong otherwise, or once it is stopped.
 */
export const persistently = async <T>(
  { clock, logger, ending }: Persistence,
  work: () => Promise<T>,
): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || ending.aborted) throw error;
      logger.warn({ reason: error.message }, 'The server is not ready yet; trying again.');
    }
    await wait(clock, PAUSE, ending);
  }
};
