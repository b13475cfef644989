import { expect, it } from 'vitest';
import { reserveGeneration } from '../../src/projections/generations.ts';
import { openRunner } from './runner.ts';
import { settled } from './settled.ts';
import { runs, tally, tallyOf } from './tally.ts';

const PATIENT = 30_000;

/** What somebody who rebuilt left when it was gone: documents that the next one drops, and a swap that may come late. */
const leftBehind = async () => {
  const runner = await openRunner();
  const first = runner.start();
  const end = await runner.happen(runs(4));
  await first.waitFor(end, ['tally'], PATIENT);
  await first.stop();
  await reserveGeneration(runner.readModels, tally(), 2, 1);
  await runner.readModels.prepare('tally_2', []);
  const swapLate = () =>
    runner.readModels.saveProjection({ name: 'tally', version: 1, generation: 2, position: end });
  return { runner, end, swapLate };
};

it('folds documents anew when a late swap names those that were dropped', async () => {
  const { runner, end, swapLate } = await leftBehind();
  const projector = runner.start();
  await projector.waitFor(end, ['tally'], PATIENT);
  expect(await swapLate()).toBe(true);
  const later = await runner.happen(runs(6));
  await projector.waitFor(later, ['tally'], PATIENT);
  expect(await runner.record('tally')).toMatchObject({ generation: 3, position: later });
  expect(await runner.documents('tally_3')).toEqual({ ship_order: tallyOf(6) });
  await settled(projector, ({ state }) => state === 'running');
  expect(await projector.status()).toMatchObject([{ generation: 3, lastError: null }]);
  const last = await runner.happen(runs(7));
  await projector.waitFor(last, ['tally'], PATIENT);
  expect(await runner.documents('tally_3')).toEqual({ ship_order: tallyOf(7) });
});

it('goes on as before when only the same documents were folded further by another', async () => {
  const { runner, end } = await leftBehind();
  const projector = runner.start();
  await projector.waitFor(end, ['tally'], PATIENT);
  await runner.readModels.saveProjection({ name: 'tally', version: 1, generation: 1, position: 99n });
  const later = await runner.happen(runs(6));
  await projector.waitFor(later, ['tally'], PATIENT);
  expect(await projector.status()).toMatchObject([{ state: 'running', generation: 1, position: later }]);
  expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(6) });
});
