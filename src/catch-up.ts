import { isPassing, persistently, type Persistence } from './persistently.ts';
import type { Projector } from './projections/projector.ts';
import type { Stores } from './stores.ts';

/** Milliseconds that views may take to get to the log's end, before it is said that they are behind. */
const PATIENCE = 10_000;

/** The views that recovery reads. */
export const RECOVERY_VIEWS: readonly string[] = ['executions', 'workflows'];

const stoppedOf = async (projector: Projector): Promise<readonly string[]> =>
  (await projector.status())
    .filter(({ name, state }) => RECOVERY_VIEWS.includes(name) && state === 'stopped')
    .map(({ name }) => name);

/**
 * Waits for the views that recovery reads to reach the log's end of now. One that is stopped is rebuilt once;
 * answers false when that does not help: nothing may stand still for a view's fault. Rejects once it is stopped.
 */
export const catchUp = async (
  { log, projector }: Pick<Stores, 'log' | 'projector'>,
  patience: Persistence,
): Promise<boolean> => {
  const { logger } = patience;
  const end = await persistently(patience, () => log.end());
  const rebuilt = new Set<string>();

  /** Answers whether it was rebuilt. */
  const mend = async (name: string): Promise<boolean> => {
    if (rebuilt.has(name)) return false;
    logger.warn({ projection: name }, 'The projection has stopped; it is rebuilt.');
    try {
      await projector.rebuild(name);
      rebuilt.add(name);
      return true;
    } catch (error) {
      if (isPassing(error)) throw error;
      return false;
    }
  };

  return persistently(patience, async () => {
    for (const name of await stoppedOf(projector)) {
      if (await mend(name)) continue;
      logger.error(
        { projection: name },
        'The projection does not go on; what is active is read from the log.',
      );
      return false;
    }
    await projector.waitFor(end, RECOVERY_VIEWS, PATIENCE);
    return true;
  });
};
