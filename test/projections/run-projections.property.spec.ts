import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { sealAll } from '../spec/given.ts';
import { faultyReadModels } from './faulty-read-models.ts';
import { randomHistory } from './random-history.ts';
import { settled } from './settled.ts';
import { appendAll, documentsOf, liveDocuments, openStores, type Stores } from './stores.ts';

const NAMES = PROJECTIONS.map(({ name }) => name);

interface Sizes {
  readonly batch: number;
  readonly few: number;
}

const begin = ({ log }: Stores, readModels: ReadModels, sizes: Sizes) =>
  startProjector({ log, readModels, projections: PROJECTIONS, clock: systemClock(), dense: true, ...sizes });

/** One life of a server: it folds what is there until it has all of it, or dies. */
const live = async (stores: Stores, crashAt: number, sizes: Sizes): Promise<void> => {
  const projector = begin(stores, faultyReadModels(stores.readModels, crashAt), sizes);
  const end = await stores.log.end();
  await settled(projector, ({ state, position }) => state === 'stopped' || position >= end);
  await projector.stop().catch((error: unknown) => expect(error).toHaveProperty('message'));
};

const lives = fc.array(
  fc.record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    crashAt: fc.nat(40),
    batch: fc.integer({ min: 1, max: 30 }),
    few: fc.nat(30),
  }),
  { maxLength: 6 },
);

it('makes the same documents of any history, in whatever batches it comes and wherever it dies in between', async () => {
  await fc.assert(
    fc.asyncProperty(randomHistory, lives, async (history, deaths) => {
      const stores = await openStores();
      try {
        const commits = sealAll(history);
        let done = 0;
        for (const { share, crashAt, ...sizes } of deaths.toSorted((a, b) => a.share - b.share)) {
          const next = Math.max(done, Math.floor(share * commits.length));
          await appendAll(stores.log, commits.slice(done, next));
          done = next;
          await live(stores, crashAt, sizes);
        }
        const end = await appendAll(stores.log, commits.slice(done));
        const projector = begin(stores, stores.readModels, { batch: 7, few: 4 });
        await projector.waitFor(end, NAMES, 60_000);
        expect(await liveDocuments(stores.readModels)).toEqual(documentsOf(history));
        for (const name of NAMES) await projector.rebuild(name);
        expect(await liveDocuments(stores.readModels)).toEqual(documentsOf(history));
        await projector.stop();
      } finally {
        await stores.close();
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);
