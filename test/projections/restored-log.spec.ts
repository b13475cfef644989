import { expect, it } from 'vitest';
import { openRunner } from './runner.ts';
import { runs, tally, tallyOf } from './tally.ts';

const PATIENT = 30_000;
const NAMES = ['tally', 'other'];

it('rebuilds views that are further than a log that was restored from before them', async () => {
  const runner = await openRunner();
  const projections = [tally(), tally({ name: 'other' })];
  const before = runner.start({ projections });
  await before.waitFor(await runner.happen(runs(50)), NAMES, PATIENT);
  await before.stop();

  const restored = await openRunner();
  const end = await restored.happen(runs(25));
  const projector = runner.start({ projections, log: restored.log });
  await projector.waitFor(end, NAMES, PATIENT);
  for (const name of NAMES) {
    expect(await runner.record(name)).toMatchObject({ generation: 2, position: end });
    expect(await runner.documents(`${name}_2`)).toEqual({ ship_order: tallyOf(25) });
  }
  await projector.waitFor(await restored.happen(runs(60)), NAMES, PATIENT);
  for (const name of NAMES) expect(await runner.documents(`${name}_2`)).toEqual({ ship_order: tallyOf(60) });
  await projector.stop();
});
