import { expect, it } from 'vitest';
import { handClock } from '../../spec/clock.ts';
import { openRunner, watched } from '../runner.ts';
import { settled } from '../settled.ts';
import { runs, tallyOf } from '../tally.ts';

it('rests for as long as its share of the time asks for', async () => {
  const runner = await openRunner();
  const clock = handClock();
  const begun = runner.start({ clock });
  await begun.waitFor(await runner.happen(runs(10)), ['tally'], 30_000);
  await begun.stop();
  const readModels = watched(runner.readModels, (method, about) => {
    if (method === 'write' && about === 'tally_2') clock.advance(10);
  });
  const projector = runner.start({ readModels, clock, batch: 10 });
  await settled(projector, ({ state }) => state === 'running');
  const began = clock.now();
  const rebuilt = projector.rebuild('tally', { maxShare: 0.2 });
  for (let batch = 1; batch <= 2; batch += 1) {
    await clock.armed(began + 50 * batch);
    expect(clock.now()).toBe(began + 50 * batch - 40);
    // What was looked at for the live documents, within the same second, is not the rebuild's.
    expect(await projector.status()).toMatchObject([{ rate: 10 * batch }]);
    // As many events are left as were folded, or none; the rest behind the first ten has only begun.
    const eta = batch === 1 ? 40 + 50 : null;
    expect(await projector.status()).toMatchObject([{ rebuild: { phase: 'folding', eta } }]);
    clock.advance(40);
  }
  expect(await rebuilt).toMatchObject({ duration: 100, events: 20 });
  expect(await runner.documents('tally_2')).toEqual({ ship_order: tallyOf(10) });
});

it('takes no share that is none', async () => {
  const runner = await openRunner();
  for (const maxShare of [0, -1, 1.1, Number.NaN])
    await expect(runner.start().rebuild('tally', { maxShare })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
});
