import { describe, expect, it } from 'vitest';
import { handClock } from '../spec/clock.ts';
import { openRunner } from './runner.ts';
import { settled } from './settled.ts';
import { runs, tally } from './tally.ts';

const PATIENT = 30_000;

describe('the status', () => {
  it('says how far each projection is', async () => {
    const runner = await openRunner();
    const clock = handClock(10_000);
    const end = await runner.happen(runs(3));
    const projector = runner.start({ clock, projections: [tally(), tally({ name: 'other', version: 4 })] });
    await settled(projector, ({ state }) => state === 'running');
    const status = {
      generation: 1,
      position: end,
      state: 'running',
      parked: 0,
      lagSeconds: 0,
      lagEvents: 0,
      rate: 6,
    };
    expect(await projector.status()).toEqual([
      { name: 'tally', version: 1, ...status, rebuild: null, lastError: null },
      { name: 'other', version: 4, ...status, rebuild: null, lastError: null },
    ]);
  });

  it('says how far behind one is that stopped, in events and seconds', async () => {
    const runner = await openRunner();
    await runner.happen(runs(3));
    const clock = handClock(60_000);
    const projector = runner.start({
      clock,
      projections: [tally({ refuses: ({ revision }) => revision === 1 })],
    });
    await settled(projector, ({ state }) => state === 'stopped');
    expect(await projector.status()).toMatchObject([
      { position: 1n, state: 'stopped', lagEvents: 5, lastError: { stream: 'execution-e0', revision: 1 } },
    ]);
  });

  it('does not count events where positions do not', async () => {
    const runner = await openRunner();
    await runner.happen(runs(3));
    const projector = runner.start({
      dense: false,
      projections: [tally({ refuses: ({ revision }) => revision === 1 })],
    });
    await settled(projector, ({ state }) => state === 'stopped');
    expect(await projector.status()).toMatchObject([{ position: 1n, lagEvents: null }]);
  });
});

describe('waiting for a position', () => {
  it('is over at once when it is there, and when nothing is waited for', async () => {
    const runner = await openRunner();
    const projector = runner.start({ clock: handClock() });
    await projector.waitFor(0n, ['tally'], 0);
    await projector.waitFor(100n, [], 0);
    const end = await runner.happen(runs(1));
    await projector.waitFor(end, ['tally'], PATIENT);
    await expect(projector.waitFor(end, ['tally'], 0)).resolves.toBeUndefined();
  });

  it('is refused for a projection that is not there', async () => {
    const runner = await openRunner();
    await expect(runner.start().waitFor(0n, ['tally', 'nobody'], 0)).rejects.toMatchObject({
      code: 'PROJECTION_NOT_FOUND',
      message: 'Expected the name of a projection, but there is no "nobody".',
      details: { field: 'name', found: 'nobody', expected: ['tally'] },
    });
  });

  it('ends with the time-out when nothing comes', async () => {
    const runner = await openRunner();
    const clock = handClock();
    const projector = runner.start({
      clock,
      projections: [tally(), tally({ name: 'other', refuses: () => false })],
    });
    await projector.waitFor(await runner.happen(runs(1)), ['tally', 'other'], PATIENT);
    const waiting = projector.waitFor(9n, ['other'], 250);
    await clock.armed(clock.now() + 250);
    clock.advance(250);
    await expect(waiting).rejects.toMatchObject({
      code: 'WAIT_TIMEOUT',
      message: 'Expected the views to reach position 9 within 250 ms, but "other" stands at 2.',
      details: {
        field: 'waitFor',
        found: '9',
        expected: 'a position that the views reach in time: ask again, or look at `projections`',
        timeout: 250,
        views: [{ name: 'other', position: '2' }],
      },
    });
  });

  it('ends when the projector is stopped', async () => {
    const runner = await openRunner();
    const projector = runner.start();
    const waiting = projector.waitFor(1n, ['tally'], PATIENT);
    const [ended] = await Promise.allSettled([waiting, projector.stop()]);
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
  });
});
