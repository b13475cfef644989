import { expect, it } from 'vitest';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { openRunner, watched, type Runner } from './runner.ts';
import { settled } from './settled.ts';
import { share } from './share.ts';
import { runs, tallyOf } from './tally.ts';

const PATIENT = 30_000;

/** Leaves a rebuild unfinished, as a server does that dies. */
const leaveRebuild = async (runner: Runner): Promise<void> => {
  let stop: Promise<void> | undefined;
  const readModels = watched(runner.readModels, (method, about) => {
    if (method === 'write' && about === 'tally_2') stop ??= projector.stop();
  });
  const projector = runner.start({ readModels, batch: 2 });
  await projector.waitFor(await runner.log.end(), ['tally'], PATIENT);
  await expect(projector.rebuild('tally')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await stop;
};

it('takes nothing away that another rebuilds when a removal of before is carried out late', async () => {
  const runner = await openRunner();
  const end = await runner.happen(runs(4));
  await leaveRebuild(runner);
  // As one of before there were notes.
  await runner.readModels.drop('rebuilt-projections');
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const late: Promise<void>[] = [];
  const slow: ReadModels = {
    ...runner.readModels,
    drop: (collection) => {
      const dropped = released.then(() => runner.readModels.drop(collection));
      late.push(dropped);
      return dropped;
    },
  };
  const [a, b] = [share({ log: runner.log, readModels: slow }, 'a'), share(runner, 'b')];
  a.hold(true);
  await expect.poll(() => late.length).toBe(1);
  a.lapse();
  b.hold(true);
  await expect.poll(() => b.views.length).toBe(1);
  await b.projector.waitFor(end, ['tally'], PATIENT);
  const { generation } = await b.projector.rebuild('tally');
  release();
  await Promise.all(late);
  expect(await runner.record('tally')).toMatchObject({ generation, position: end });
  expect(await runner.documents(`tally_${generation}`)).toEqual({ ship_order: tallyOf(4) });
});

it('uses no number again of a rebuild that was left, however often', async () => {
  const runner = await openRunner();
  await runner.happen(runs(4));
  await leaveRebuild(runner);
  const refused = new Set<string>();
  const readModels = watched(runner.readModels, (method, about) => {
    if (method !== 'write' || about === 'tally_1' || !about.startsWith('tally_') || refused.size >= 3) return;
    refused.add(about);
    throw new Error('It went wrong.');
  });
  const projector = runner.start({ readModels });
  await projector.control('tally', 'cancel');
  await settled(projector, ({ state }) => state === 'running');
  for (let n = 0; n < 3; n += 1) await expect(projector.rebuild('tally')).rejects.toThrow('It went wrong.');
  expect([...refused]).toEqual(['tally_3', 'tally_4', 'tally_5']);
  expect(await projector.rebuild('tally')).toMatchObject({ generation: 6 });
  expect(await projector.rebuild('tally')).toMatchObject({ generation: 7 });
  const kept = [1, 2, 3, 4, 5, 6, 7].map((generation) => runner.documents(`tally_${generation}`));
  const doc = { ship_order: tallyOf(4) };
  expect(await Promise.all(kept)).toEqual([{}, {}, {}, {}, {}, doc, doc]);
});
