import { expect, it } from 'vitest';
import { ReadModelsUnavailable, type ReadModels } from '../../src/ports/read-models.ts';
import { openRunner } from './runner.ts';
import { runs, tallyOf } from './tally.ts';

const PATIENT = 30_000;

// Found by the simulation: seed 1965.
it('goes on with what counts when the beginnings of a projection are stored late', async () => {
  const runner = await openRunner();
  const late: (() => Promise<unknown>)[] = [];
  const slow: ReadModels = {
    ...runner.readModels,
    saveProjection: async (record) => {
      if (record.name !== 'tally' || late.length >= 2) return runner.readModels.saveProjection(record);
      // The first one is there when the second one is on its way.
      if (late.length === 1) await late[0]?.();
      late.push(() => runner.readModels.saveProjection(record));
      throw new ReadModelsUnavailable('The answer is late.');
    },
  };
  const projector = runner.start({ readModels: slow });
  await projector.waitFor(await runner.happen(runs(2)), ['tally'], PATIENT);
  await late[1]?.();
  const end = await runner.happen(runs(4));
  await projector.waitFor(end, ['tally'], PATIENT);
  await projector.stop();
  const record = await runner.record('tally');
  expect(record).toMatchObject({ position: end });
  expect(await runner.documents(`tally_${record?.generation}`)).toEqual({ ship_order: tallyOf(4) });
});
