import { expect, it } from 'vitest';
import { openRunner, watched } from '../runner.ts';
import { share } from '../share.ts';
import { runs } from '../tally.ts';

const PATIENT = 30_000;

it('is seen on every node, by whichever it is done', async () => {
  const runner = await openRunner();
  let pausing: Promise<void> | undefined;
  const readModels = watched(runner.readModels, (method, about) => {
    if (method === 'write' && about === 'tally_2') pausing ??= a.projector.control('tally', 'pause');
  });
  const a = share({ log: runner.log, readModels }, 'a');
  const b = share(runner, 'b');
  a.hold(true);
  await a.projector.waitFor(await runner.happen(runs(4)), ['tally'], PATIENT);
  const rebuilt = a.projector.rebuild('tally', { maxShare: 0.5 });
  await expect
    .poll(async () => (await b.projector.status())[0])
    .toMatchObject({
      generation: 1,
      state: 'rebuilding',
      rebuild: {
        kind: 'rebuild',
        generation: 2,
        paused: true,
        position: 8n,
        end: 8n,
        events: 8,
        maxShare: 0.5,
      },
    });
  await pausing;
  await a.projector.control('tally', 'resume');
  await rebuilt;
  await expect
    .poll(async () => (await b.projector.status())[0])
    .toMatchObject({ generation: 2, state: 'running', rebuild: null });
});
