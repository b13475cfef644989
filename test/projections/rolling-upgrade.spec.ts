import { expect, it } from 'vitest';
import { liveCollections } from '../../src/projections/live-collections.ts';
import { openRunner, heard } from './runner.ts';
import { share } from './share.ts';
import { runs, tally, tallyOf } from './tally.ts';

const PATIENT = 30_000;
const MESSAGE =
  'Expected the projection "tally" to be of version 1 or before, but a newer node has folded it to version 2: this one neither reads nor folds it.';

const [older, newer] = [tally({ version: 1 }), tally({ version: 2, step: 2 })];

/** Views that an older node has begun and a newer one has folded to its version; nobody has the lease. */
const upgraded = async () => {
  const runner = await openRunner();
  const [old, young] = [share(runner, 'old', older), share(runner, 'young', newer)];
  old.hold(true);
  await old.projector.waitFor(await runner.happen(runs(2)), ['tally'], PATIENT);
  old.hold(false);
  young.hold(true);
  await expect.poll(async () => (await runner.record('tally'))?.version).toBe(2);
  const end = await runner.happen(runs(3));
  await young.projector.waitFor(end, ['tally'], PATIENT);
  young.hold(false);
  return { runner, old, young, end };
};

it('leaves the views of a newer version alone when the lease comes to an older node', async () => {
  const { runner, old, young, end } = await upgraded();
  const before = await runner.record('tally');
  old.hold(true);
  await expect.poll(() => old.wanted).toBe(false);
  await expect.poll(async () => (await old.projector.status())[0]?.state).toBe('stopped');
  expect(old.views.length).toBe(1);
  old.hold(false);
  expect(await runner.record('tally')).toEqual(before);
  expect(before).toMatchObject({ version: 2, generation: 2, position: end });
  young.hold(true);
  await young.projector.waitFor(await runner.happen(runs(5)), ['tally'], PATIENT);
  expect(await runner.record('tally')).toMatchObject({ version: 2, generation: 2 });
  expect(young.wanted).toBe(true);
});

it('says on the older node that it cannot read them, and lets nobody wait for them or read them', async () => {
  const { runner, old, young, end } = await upgraded();
  const collections = liveCollections(runner.readModels, old.projector, [older]);
  await expect
    .poll(() => old.projector.status())
    .toMatchObject([
      { state: 'stopped', version: 2, lastError: { code: 'PROJECTION_OUTDATED', message: MESSAGE } },
    ]);
  await expect(old.projector.waitFor(end, ['tally'], PATIENT)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  await expect(collections.of('tally')).rejects.toMatchObject({ code: 'UNAVAILABLE', message: MESSAGE });
  collections.close();
  const own = liveCollections(runner.readModels, young.projector, [newer]);
  expect(await own.of('tally')).toBe('tally_2');
  own.close();
  expect(await runner.documents('tally_2')).toEqual({
    ship_order: { ...tallyOf(3), started: 6, completed: 6 },
  });
});

it('lets the older node read and fold again when the views were removed', async () => {
  const { runner, old } = await upgraded();
  const news = heard(old.projector);
  await expect.poll(() => old.wanted).toBe(false);
  const empty = await openRunner();
  const again = share({ log: runner.log, readModels: empty.readModels }, 'old', older);
  again.hold(true);
  await again.projector.waitFor(await runner.log.end(), ['tally'], PATIENT);
  expect(again.wanted).toBe(true);
  expect(news.filter(({ state }) => state === 'running')).toEqual([]);
});

it('does not fold over a newer record that came while it was about to begin', async () => {
  const { runner } = await upgraded();
  const projector = runner.start({ projections: [older], followed: true });
  await expect
    .poll(() => projector.status())
    .toMatchObject([{ state: 'stopped', version: 2, lastError: { message: MESSAGE } }]);
  expect(await runner.record('tally')).toMatchObject({ version: 2, generation: 2 });
});
