import { expect, it } from 'vitest';
import { openRunner } from './runner.ts';
import { share } from './share.ts';
import { runs, tally } from './tally.ts';

const PATIENT = 30_000;
const MESSAGE = /Expected the projection "tally" to fold execution.started .* but it threw: It went wrong\./;

it('shows on every node that a projection is stopped, why, and that it goes on', async () => {
  const runner = await openRunner();
  let isBroken = true;
  const broken = tally({ refuses: ({ position }) => isBroken && position === 3n });
  const [a, b] = [share(runner, 'a', broken), share(runner, 'b', broken)];
  a.hold(true);
  const end = await runner.happen(runs(3));
  const fault = {
    code: 'PROJECTION_FAILED',
    message: expect.stringMatching(MESSAGE),
    position: 3n,
    stream: 'execution-e1',
    revision: 0,
    eventId: expect.any(String),
  };
  for (const { projector } of [a, b])
    await expect
      .poll(() => projector.status())
      .toMatchObject([{ name: 'tally', state: 'stopped', position: 2n, lastError: fault }]);
  await expect(b.projector.waitFor(end, ['tally'], PATIENT)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/^Expected the projection "tally" to follow the log, but it is stopped: /),
  });
  const late = share(runner, 'late', broken);
  await expect.poll(async () => (await late.projector.status())[0]?.lastError).toEqual(fault);
  isBroken = false;
  await a.projector.rebuild('tally');
  for (const { projector } of [a, b, late])
    await expect.poll(() => projector.status()).toMatchObject([{ state: 'running', lastError: null }]);
});

it('forgets on a take-over what stopped only the node before', async () => {
  const runner = await openRunner();
  const a = share(runner, 'a', tally({ refuses: ({ position }) => position === 3n }));
  const b = share(runner, 'b');
  a.hold(true);
  await runner.happen(runs(3));
  await expect.poll(async () => (await b.projector.status())[0]?.state).toBe('stopped');
  a.hold(false);
  b.hold(true);
  for (const { projector } of [a, b])
    await expect
      .poll(() => projector.status())
      .toMatchObject([{ state: 'running', position: 6n, lastError: null }]);
});
