import type { ProjectionProgress, Projector } from '../../src/projections/projector.ts';

/** Resolves when a projector's progress, or what its status says already, is as wanted for every projection of it. */
export const settled = async (
  projector: Projector,
  wanted: (progress: ProjectionProgress) => boolean,
): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const missing = new Set((await projector.status()).map(({ name }) => name));
  const look = (progress: ProjectionProgress): void => {
    if (wanted(progress)) missing.delete(progress.name);
    else missing.add(progress.name);
    if (missing.size === 0) resolve();
  };
  const letGo = projector.onProgress((all) => all.forEach(look));
  for (const status of await projector.status()) look({ ...status, changed: [] });
  await promise;
  letGo();
};
