import { expect, it } from 'vitest';
import { checkLogEnd } from '../../src/check-log-end.ts';
import { openRunner } from './runner.ts';
import { settled } from './settled.ts';
import { runs, tally, tallyOf } from './tally.ts';

const PATIENT = 30_000;
const NAMES = ['tally', 'other'];

const MESSAGE =
  /^Expected the log to reach position 100, which the view "\w+" was folded to, but it ends at 50: it has lost its end/;

it('stops views that are further than a log that was restored from before them, until they are rebuilt', async () => {
  const runner = await openRunner();
  const projections = [tally(), tally({ name: 'other' })];
  const before = runner.start({ projections });
  await before.waitFor(await runner.happen(runs(50)), NAMES, PATIENT);
  await before.stop();

  const restored = await openRunner();
  const end = await restored.happen(runs(25));
  await expect(checkLogEnd(restored.log, runner.readModels)).rejects.toThrow(MESSAGE);
  await expect(checkLogEnd(runner.log, runner.readModels)).resolves.toBeUndefined();
  const projector = runner.start({ projections, log: restored.log });
  await settled(projector, ({ state }) => state === 'stopped');
  await expect(projector.waitFor(end, ['tally'], PATIENT)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  for (const status of await projector.status())
    expect(status.lastError).toMatchObject({ message: expect.stringMatching(MESSAGE) });
  for (const name of NAMES) {
    expect(await runner.record(name)).toMatchObject({ generation: 1, position: 100n });
    expect(await runner.documents(`${name}_1`)).toEqual({ ship_order: tallyOf(50) });
    expect(await projector.rebuild(name)).toMatchObject({ generation: 2, position: end });
  }
  await projector.waitFor(await restored.happen(runs(60)), NAMES, PATIENT);
  for (const name of NAMES) expect(await runner.documents(`${name}_2`)).toEqual({ ship_order: tallyOf(60) });
  await projector.stop();
});
