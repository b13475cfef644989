import { expect, it } from 'vitest';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { openRunner, watched, type Runner } from '../runner.ts';
import { settled } from '../settled.ts';
import { runs, tally, tallyOf } from '../tally.ts';

const PATIENT = 30_000;

const counted = ({ log }: Runner) => {
  const asked: bigint[] = [];
  const counting: EventLog = {
    ...log,
    subscribe: (options) => {
      asked.push(options.after);
      return log.subscribe(options);
    },
  };
  return { asked, log: counting };
};

it('rebuilds all whose version has changed in one pass over the log', async () => {
  const runner = await openRunner();
  const names = ['one', 'two', 'three'];
  const first = runner.start({ projections: names.map((name) => tally({ name })) });
  const end = await runner.happen(runs(20));
  await first.waitFor(end, names, PATIENT);
  await first.stop();
  const { asked, log } = counted(runner);
  const next = runner.start({
    log,
    batch: 8,
    projections: names.map((name) => tally({ name, version: 2, step: 2 })),
  });
  await settled(next, ({ state, generation }) => state === 'running' && generation === 2);
  expect(asked.filter((after) => after < end)).toEqual([0n]);
  for (const name of names)
    expect(await runner.documents(`${name}_2`)).toEqual({
      ship_order: { ...tallyOf(20), started: 40, completed: 40 },
    });
});

it('lets those go on that a pass shares with one that fails', async () => {
  const runner = await openRunner();
  const projections = [
    tally({ name: 'good' }),
    tally({ name: 'bad', refuses: ({ position }) => refused === position }),
  ];
  let refused = 0n;
  const projector = runner.start({ projections, batch: 4 });
  await projector.waitFor(await runner.happen(runs(5)), ['good', 'bad'], PATIENT);
  refused = 5n;
  expect(await projector.rebuildAll(['bad', 'good'])).toMatchObject([
    { name: 'bad', rebuilt: null, error: { code: 'PROJECTION_FAILED', stream: 'execution-e2', revision: 0 } },
    { name: 'good', rebuilt: { generation: 2, comparison: { differing: 0 } }, error: null },
  ]);
  expect(await runner.record('bad')).toMatchObject({ generation: 1 });
  // What came of it is gone, and the next one has another number.
  await expect(
    runner.readModels.write('bad_2', [{ key: 'a', doc: {}, position: 1n, expected: 9n }]),
  ).rejects.toThrow('to be prepared');
  refused = 0n;
  expect(await projector.rebuild('bad')).toMatchObject({ generation: 3 });
});

it('is over when it is cancelled, and leaves nothing', async () => {
  const runner = await openRunner();
  const begun = runner.start();
  await begun.waitFor(await runner.happen(runs(20)), ['tally'], PATIENT);
  await begun.stop();
  const readModels = watched(runner.readModels, async (method, about) => {
    if (method === 'write' && about === 'tally_2') await projector.control('tally', 'cancel');
  });
  const projector = runner.start({ readModels, batch: 8 });
  await settled(projector, ({ state }) => state === 'running');
  await expect(projector.rebuild('tally')).rejects.toMatchObject({ code: 'REBUILD_CANCELLED' });
  expect(await projector.status()).toMatchObject([{ state: 'running', generation: 1, rebuild: null }]);
  expect(await runner.documents('tally_2')).toEqual({});
  await projector.stop();
  const next = runner.start();
  await settled(next, ({ state }) => state === 'running');
  expect(await next.status()).toMatchObject([{ generation: 1, rebuild: null }]);
});

it('leaves a rebuild alone that another process has gone on with', async () => {
  const runner = await openRunner();
  const begun = runner.start();
  await begun.waitFor(await runner.happen(runs(20)), ['tally'], PATIENT);
  await begun.stop();
  const readModels = watched(runner.readModels, async (method, about) => {
    if (method !== 'write' || about !== 'tally_2') return;
    const [note] = [...(await runner.readModels.load('rebuilt-projections', ['tally'])).values()];
    if (note === undefined || note.position > 900n) return;
    const other = { ...note, position: 999n, expected: note.position };
    await runner.readModels.write('rebuilt-projections', [other]);
  });
  const projector = runner.start({ readModels, batch: 8 });
  await settled(projector, ({ state }) => state === 'running');
  await expect(projector.rebuild('tally')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: `Expected the rebuild of "tally" to be this node's, but another has gone on with it.`,
  });
  expect(await runner.documents('tally_2')).not.toEqual({});
});

it('does not go on with what was folded by another version', async () => {
  const runner = await openRunner();
  const begun = runner.start();
  const end = await runner.happen(runs(20));
  await begun.waitFor(end, ['tally'], PATIENT);
  await begun.stop();
  let stop: Promise<void> | undefined;
  const readModels = watched(runner.readModels, (method, about) => {
    if (method === 'write' && about === 'tally_2') stop ??= projector.stop();
  });
  const projector = runner.start({ readModels, batch: 8 });
  await expect(projector.rebuild('tally')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await stop;
  const next = runner.start({ projections: [tally({ version: 2, step: 2 })] });
  await settled(next, ({ state, generation }) => state === 'running' && generation > 1);
  expect(await runner.record('tally')).toMatchObject({ version: 2, generation: 3, position: end });
  expect(await runner.documents('tally_2')).toEqual({});
  expect(await runner.documents('tally_3')).toEqual({
    ship_order: { ...tallyOf(20), started: 40, completed: 40 },
  });
  await expect(next.rollback('tally')).rejects.toMatchObject({
    code: 'NOTHING_KEPT',
    message: expect.stringContaining('those that are kept are of another version than 2'),
  });
});
