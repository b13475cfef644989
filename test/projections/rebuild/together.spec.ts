import { expect, it } from 'vitest';
import { RebuildProjections } from '../../../src/projections/rebuild/commands.ts';
import { RebuildProjectionsHandler } from '../../../src/projections/rebuild/handlers.ts';
import { openRunner, watched } from '../runner.ts';
import { settled } from '../settled.ts';
import { runs, tally } from '../tally.ts';

const PATIENT = 30_000;
const HOW = { dryRun: false };

it('answers where those stand that were rebuilt', async () => {
  const runner = await openRunner();
  const projector = runner.start({ projections: [tally({ name: 'one' }), tally({ name: 'two' })] });
  const end = await runner.happen(runs(5));
  await projector.waitFor(end, ['one', 'two'], PATIENT);
  const answer = await new RebuildProjectionsHandler(projector).execute(
    new RebuildProjections(undefined, HOW),
  );
  expect(answer).toMatchObject({ position: end, outcomes: [{ name: 'one' }, { name: 'two' }] });
});

it('answers where the views stand when none was rebuilt, since it was cancelled', async () => {
  const runner = await openRunner();
  const begun = runner.start();
  const end = await runner.happen(runs(20));
  await begun.waitFor(end, ['tally'], PATIENT);
  await begun.stop();
  const readModels = watched(runner.readModels, async (method, about) => {
    if (method === 'write' && about === 'tally_2') await projector.control('tally', 'cancel');
  });
  const projector = runner.start({ readModels, batch: 8, projections: [tally(), tally({ name: 'new' })] });
  await settled(projector, ({ state }) => state === 'running');
  const answer = await new RebuildProjectionsHandler(projector).execute(
    new RebuildProjections(['tally'], HOW),
  );
  expect(answer).toMatchObject({
    position: end,
    outcomes: [{ name: 'tally', rebuilt: null, error: { code: 'REBUILD_CANCELLED' } }],
  });
});
