import { expect, it, onTestFinished } from 'vitest';
import { populate } from '../../bench/read-population.ts';
import type { ActiveDocument } from '../../src/projections/active.projection.ts';
import { findExecutions } from '../../src/queries/executions/find.ts';
import { countExecutions } from '../../src/queries/executions/count.ts';
import { createViews } from '../../src/queries/views.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';
import { openStores } from '../projections/stores.ts';

it('makes executions that lists find and counters count', async () => {
  const { readModels, close } = await temporaryReadModels();
  const stores = await openStores();
  onTestFinished(async () => {
    await close();
    await stores.close();
  });
  await populate(readModels, 'executions_1', 'active_1', 3_000);
  const collections = { of: async (name: string) => `${name}_1`, close: () => undefined };
  const views = createViews(readModels, collections, () => Promise.resolve());
  const failed = { status: ['failed'] } as const;
  const { count, isExact } = await countExecutions(views, { filter: failed, waitFor: undefined });
  const page = { first: 1_000, after: undefined };
  const order = { by: 'duration', direction: 'desc' } as const;
  const query = { filter: { ...failed, tags: ['orders'] }, order, page, waitFor: undefined };
  const found = await findExecutions(views, stores.log, query);
  expect(isExact).toBe(true);
  expect(count).toBeGreaterThan(50);
  expect(found.items).toHaveLength(count);
  const counters = await views.all<ActiveDocument>('active', {});
  expect(counters.reduce((sum, { doc }) => sum + doc.running, 0)).toBeLessThan(20);
});
