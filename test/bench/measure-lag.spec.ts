import { expect, it, onTestFinished } from 'vitest';
import { createLagMeter } from '../../bench/measure-lag.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { liveCollections } from '../../src/projections/live-collections.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { openStores } from '../projections/stores.ts';
import { completed, registered, started } from '../projections/samples.ts';
import { happened, sealAll } from '../spec/given.ts';

const history = Array.from({ length: 5 }, (_, n) => [
  happened(`execution-e${n}`, n, started()),
  happened(`execution-e${n}`, n + 5, completed(n, 5)),
]).flat();

/** A meter around a log whose views are folded, and what appends the history through it. */
const metered = async (views: (readModels: ReadModels) => ReadModels = (readModels) => readModels) => {
  const { log, readModels, close } = await openStores();
  const projector = startProjector({ log, readModels, projections: PROJECTIONS, clock: systemClock() });
  const collections = liveCollections(readModels, projector);
  onTestFinished(async () => {
    collections.close();
    await projector.stop();
    await close();
  });
  const meter = createLagMeter();
  const around = meter.decorate(log);
  return {
    begin: (every: number) => meter.begin({ readModels: views(readModels), projector, collections }, every),
    append: async () => {
      const [workflow, ...commits] = sealAll([happened('workflow-ship_order', 0, registered(1)), ...history]);
      for (const commit of [workflow, ...commits]) if (commit !== undefined) await around.append(commit);
    },
    end: meter.end,
  };
};

it('tells of each of the commits of executions that it looks at, once its document holds it', async () => {
  const { begin, append, end } = await metered();
  begin(3);
  await append();
  const lags = await end();
  expect(lags).toHaveLength(3);
  for (const lag of lags) expect(lag).toBeGreaterThan(0);
});

it('looks at nothing before it begins', async () => {
  const { append, end } = await metered();
  await append();
  expect(await end()).toEqual([]);
});

it('is told when a document does not hold what was folded', async () => {
  const { begin, append, end } = await metered((readModels) => ({
    ...readModels,
    load: async (collection, keys) =>
      new Map(
        [...(await readModels.load(collection, keys))].map(([key, doc]) => [key, { ...doc, position: 0n }]),
      ),
  }));
  begin(1);
  await append();
  await expect(end()).rejects.toThrow(/^Expected a document of execution-e0 at \d+, but found 0\.$/);
});
