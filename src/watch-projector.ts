import type { Logger } from './ports/logger.ts';
import type { ProjectionState, Projector } from './projections/projector.ts';

/** Writes to the server's log when a projection stops, waits for its store, or goes on; until the answer is called. */
export const watchProjector = (projector: Projector, logger: Logger): (() => void) => {
  const states = new Map<string, ProjectionState>();

  const tell = async (name: string, state: ProjectionState): Promise<void> => {
    if (state === 'running') {
      logger.info({ projection: name }, 'The projection goes on.');
      return;
    }
    const status = (await projector.status()).find((one) => one.name === name);
    const text = state === 'stopped' ? 'The projection has stopped.' : 'The projection waits for its store.';
    logger.error({ projection: name, fault: status?.lastError ?? null }, text);
  };

  return projector.onProgress((progress) => {
    for (const { name, state } of progress) {
      const before = states.get(name);
      if (state === 'catching_up' || state === 'rebuilding' || state === before) continue;
      states.set(name, state);
      if (state === 'running' && before === undefined) continue;
      tell(name, state).catch((error: unknown) =>
        logger.error({ projection: name, err: error }, 'The projector does not answer.'),
      );
    }
  });
};
