import { isPassing, persistently, type Persistence } from './persistently.ts';
import { OUTDATED } from './projections/outdated-view.ts';
import type { ProjectionStatus, Projector } from './projections/projector.ts';
import type { Stores } from './stores.ts';

/** Milliseconds that views may take to get to the log's end, before it is said that they are behind. */
const PATIENCE = 10_000;

/** The views that recovery reads. */
export const RECOVERY_VIEWS: readonly string[] = ['executions', 'workflows'];

/** Tries to bring a view back that is stopped; answers whether it is worth looking again. */
type Mend = (view: ProjectionStatus) => Promise<boolean>;

/**
 * Waits for views to reach a position. Answers false when one of them is stopped and cannot be mended: nothing may
 * stand still for a view's fault, so that the log has to be read. Rejects once it is stopped.
 */
export const reach = (
  projector: Projector,
  patience: Persistence,
  position: bigint,
  names: readonly string[],
  mend: Mend = () => Promise.resolve(false),
): Promise<boolean> =>
  persistently(patience, async () => {
    const views = (await projector.status()).filter(({ name }) => names.includes(name));
    for (const view of views) {
      if (view.state !== 'stopped' || (await mend(view))) continue;
      patience.logger.error(
        { projection: view.name },
        'The projection does not go on; what is active is read from the log.',
      );
      return false;
    }
    await projector.waitFor(position, names, PATIENCE);
    return true;
  });

/**
 * Waits for the views that recovery reads to reach the log's end of now. One that is stopped is rebuilt once, unless
 * another node folds it; answers false when it does not go on. Rejects once it is stopped.
 */
export const catchUp = async (
  { log, projector, ownership }: Pick<Stores, 'log' | 'projector' | 'ownership'>,
  patience: Persistence,
): Promise<boolean> => {
  const end = await persistently(patience, () => log.end());
  const rebuilt = new Set<string>();
  const isAnothers = (): boolean =>
    ownership !== undefined && ownership.views.holder() !== undefined && !ownership.views.holds();

  return reach(projector, patience, end, RECOVERY_VIEWS, async ({ name, lastError }) => {
    if (rebuilt.has(name) || isAnothers() || lastError?.code === OUTDATED) return false;
    patience.logger.warn({ projection: name }, 'The projection has stopped; it is rebuilt.');
    try {
      await projector.rebuild(name);
      rebuilt.add(name);
      return true;
    } catch (error) {
      if (isPassing(error)) throw error;
      return false;
    }
  });
};
