import { expect, it } from 'vitest';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { happened } from '../../spec/given.ts';
import { removed } from '../retention-samples.ts';
import { openRunner, watched } from '../runner.ts';
import { runs } from '../tally.ts';

const PATIENT = 30_000;

/** A runner that says what is done to the documents of the next generation, without repetitions. */
const noting = async (view: string) => {
  const runner = await openRunner();
  const done: string[] = [];
  const shown: (number | undefined)[] = [];
  const readModels = watched(runner.readModels, async (method, about) => {
    if (about !== `${view}_2`) return;
    if (done.at(-1) !== method) done.push(method);
    if (method === 'prepare') shown.push((await runner.record(view))?.generation);
  });
  return { runner, readModels, done, shown };
};

it('makes the indexes of what it folds when that is folded, before it is shown', async () => {
  const { runner, readModels, done, shown } = await noting('tally');
  const projector = runner.start({ readModels, batch: 8 });
  await projector.waitFor(await runner.happen(runs(20)), ['tally'], PATIENT);
  expect(await projector.rebuild('tally')).toMatchObject({ generation: 2, comparison: { differing: 0 } });
  expect(done).toEqual(['write', 'prepare']);
  expect(shown).toEqual([1]);
});

it('makes none for what is only compared', async () => {
  const { runner, readModels, done } = await noting('tally');
  const projector = runner.start({ readModels, batch: 8 });
  await projector.waitFor(await runner.happen(runs(20)), ['tally'], PATIENT);
  expect(await projector.rebuild('tally', { dryRun: true })).toMatchObject({ comparison: { differing: 0 } });
  expect(done).not.toContain('prepare');
});

it('makes that first by which removed documents are found', async () => {
  const { runner, readModels, done, shown } = await noting('timeline');
  const projections = PROJECTIONS.filter(({ name }) => name === 'timeline');
  const projector = runner.start({ projections, readModels, batch: 4 });
  const gone = ['e0', 'e3'].map((id) => happened(`execution-${id}`, 99, removed('ship_order')));
  const end = await runner.happen([...runs(6), ...gone, ...runs(3, 6)]);
  await projector.waitFor(end, ['timeline'], PATIENT);
  expect(await projector.rebuild('timeline')).toMatchObject({ comparison: { differing: 0 } });
  expect(Object.keys(await runner.documents('timeline_2'))).toHaveLength(7);
  expect(done).toEqual(['write', 'prepare', 'write', 'prepare']);
  expect(shown).toEqual([1, 1]);
});
