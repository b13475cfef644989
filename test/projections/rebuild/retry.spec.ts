import { expect, it } from 'vitest';
import { openRunner } from '../runner.ts';
import { settled } from '../settled.ts';
import { runs, tally, tallyOf } from '../tally.ts';

const PATIENT = 30_000;

it('lets a projection go on from where it stopped, in the same documents', async () => {
  const runner = await openRunner();
  const end = await runner.happen(runs(10));
  let refused = [7n, 12n];
  const projector = runner.start({
    batch: 4,
    projections: [tally({ refuses: ({ position }) => refused.includes(position) }), tally({ name: 'other' })],
  });
  await projector.waitFor(end, ['other'], PATIENT);
  await settled(projector, ({ name, state }) => name !== 'tally' || state === 'stopped');
  const at = (position: bigint, stream: string, revision: number) => ({
    name: 'tally',
    state: 'stopped',
    position: position - 1n,
    lastError: { code: 'PROJECTION_FAILED', position, stream, revision },
  });
  expect((await projector.status())[0]).toMatchObject(at(7n, 'execution-e3', 0));
  await expect(projector.retry('tally')).rejects.toMatchObject({ code: 'PROJECTION_FAILED', position: 7n });
  refused = [12n];
  await expect(projector.retry('tally')).rejects.toMatchObject({ code: 'PROJECTION_FAILED', position: 12n });
  expect((await projector.status())[0]).toMatchObject(at(12n, 'execution-e5', 1));
  refused = [];
  expect(await projector.retry('tally')).toMatchObject({
    kind: 'retry',
    generation: 1,
    position: end,
    comparison: null,
  });
  await projector.waitFor(await runner.happen(runs(12)), ['tally', 'other'], PATIENT);
  expect(await runner.record('tally')).toMatchObject({ generation: 1 });
  expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(12) });
  expect((await projector.status())[0]).toMatchObject({ state: 'running', lastError: null, lagEvents: 0 });
});

it('is refused for one that has not stopped, or that only a rebuild helps', async () => {
  const runner = await openRunner();
  const first = runner.start();
  await first.waitFor(await runner.happen(runs(10)), ['tally'], PATIENT);
  await expect(first.retry('tally')).rejects.toMatchObject({ code: 'PROJECTION_NOT_STOPPED' });
  await expect(first.retry('nobody')).rejects.toMatchObject({ code: 'PROJECTION_NOT_FOUND' });
  await first.stop();
  const restored = await openRunner();
  await restored.happen(runs(2));
  const projector = runner.start({ log: restored.log });
  await settled(projector, ({ state }) => state === 'stopped');
  await expect(projector.retry('tally')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('ahead of the log: rebuild it.'),
  });
  await projector.stop();
});
