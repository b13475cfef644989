import type { DocumentWrite } from '../../../src/ports/read-models.ts';
import { createComparing } from '../../../src/projections/rebuild/compare.ts';
import { simulatedReadModels } from '../../simulation/simulated-read-models.ts';

/** A comparison of two collections, `live` and `shadow`, that both have these documents; `step` is called between its pages. */
export const openCompared = async (
  documents: readonly DocumentWrite[],
  step: () => Promise<void> = async () => undefined,
) => {
  const readModels = simulatedReadModels();
  for (const collection of ['live', 'shadow']) {
    await readModels.prepare(collection, []);
    await readModels.write(collection, documents);
  }
  const comparing = createComparing({
    readModels,
    live: 'live',
    shadow: 'shadow',
    days: undefined,
    findsStrays: false,
    step,
  });
  return { readModels, comparing };
};
