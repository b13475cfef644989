import { expect, it } from 'vitest';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import { ParkEvent } from '../../../src/commands/commands.ts';
import { ParkEventHandler } from '../../../src/commands/park-event.handler.ts';
import { createParking } from '../../../src/commands/parking.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { systemIds } from '../../../src/adapters/system/ids.ts';
import { readParked } from '../../../src/projections/parked.ts';
import type { Projector } from '../../../src/projections/projector.ts';
import { openRunner, type Runner } from '../runner.ts';
import { settled } from '../settled.ts';
import { share } from '../share.ts';
import { runs, tally, tallyOf } from '../tally.ts';

const PATIENT = 30_000;
const CALLER = {
  actor: { id: 'ops', kind: 'operator', via: 'none' },
  tenant: 'default',
  traceparent: undefined,
} as const;

const parkingIn = ({ log }: Runner) => {
  const world = { clock: systemClock(), ids: systemIds() };
  const envelopes = createEnvelopes('node-1', world.ids);
  return createParking({ log, world, envelopes, over: new AbortController().signal });
};

const parks = (runner: Runner, projector: Projector) => {
  const handler = new ParkEventHandler(parkingIn(runner), projector, systemClock());
  return (event: string, name = 'tally', reason = 'It is known.') =>
    handler.execute(new ParkEvent(name, event, reason, CALLER));
};

const stoppedAt = async (projector: Projector): Promise<string> => {
  await settled(projector, ({ name, state }) => name !== 'tally' || state === 'stopped');
  return (await projector.stoppedAt('tally')).eventId;
};

const SEEN = tallyOf(10).seen;

it('goes past a parked event, says so in the log, and goes past it in a rebuild, too', async () => {
  const runner = await openRunner();
  const end = await runner.happen(runs(10));
  const projector = runner.start({
    batch: 4,
    projections: [tally({ refuses: ({ position }) => position === 7n }), tally({ name: 'other' })],
  });
  const event = await stoppedAt(projector);
  const { position } = await parks(runner, projector)(event);
  expect(position).toBe(end + 1n);
  const expected = { workflow: 'ship_order', started: 9, completed: 10 };
  const seen = SEEN.filter((one) => one !== 'execution-e3@0');
  expect(await runner.documents('tally_1')).toEqual({ ship_order: { ...expected, seen } });
  expect(await projector.status()).toMatchObject([
    { name: 'tally', state: 'running', parked: 1, lastError: null },
    { name: 'other', parked: 0 },
  ]);
  expect(await readParked(runner.log, 'tally')).toMatchObject([
    {
      facts: {
        projection: 'tally',
        event,
        type: 'execution.started',
        stream: 'execution-e3',
        revision: 0,
        position: '7',
      },
      actor: { id: 'ops' },
      reason: 'It is known.',
      error: expect.stringContaining('but it threw: It went wrong.'),
    },
  ]);
  expect(await projector.rebuild('tally')).toMatchObject({ comparison: { differing: 0 } });
  expect(await runner.documents('tally_2')).toEqual({ ship_order: { ...expected, seen } });
});

it('folds a parked event where it can, so that mended code makes up for it', async () => {
  const runner = await openRunner();
  await runner.happen(runs(10));
  let isBroken = true;
  const projections = [tally({ hasNoKeyFor: ({ position }) => isBroken && position === 7n })];
  const first = runner.start({ projections });
  await parks(runner, first)(await stoppedAt(first));
  await first.stop();
  const again = runner.start({ projections });
  await again.waitFor(20n, ['tally'], PATIENT);
  expect((await again.status())[0]).toMatchObject({ state: 'running', parked: 1 });
  isBroken = false;
  expect(await again.rebuild('tally')).toMatchObject({ comparison: { differing: 1 } });
  expect(await runner.documents('tally_2')).toEqual({ ship_order: tallyOf(10) });
});

it('goes past it after a restart, when it was parked and no more', async () => {
  const runner = await openRunner();
  await runner.happen(runs(10));
  const projections = [tally({ refuses: ({ position }) => position === 7n })];
  const first = runner.start({ projections });
  await stoppedAt(first);
  await parkingIn(runner).park('tally', await first.stoppedAt('tally'), '', CALLER);
  await first.stop();
  const again = runner.start({ projections });
  await again.waitFor(21n, ['tally'], PATIENT);
  expect((await runner.documents('tally_1'))['ship_order']).toMatchObject({ started: 9, completed: 10 });
});

it('parks one event after the other, each that it has stopped at', async () => {
  const runner = await openRunner();
  await runner.happen(runs(10));
  const projector = runner.start({
    projections: [tally({ refuses: ({ position }) => position === 1n || position === 20n })],
  });
  const park = parks(runner, projector);
  const first = await stoppedAt(projector);
  await expect(park(first)).rejects.toMatchObject({ code: 'PROJECTION_FAILED', position: 20n });
  expect((await projector.status())[0]).toMatchObject({ state: 'stopped', position: 19n, parked: 1 });
  await park(await stoppedAt(projector));
  expect(await runner.documents('tally_1')).toEqual({
    ship_order: { ...tallyOf(10), started: 9, completed: 9, seen: SEEN.slice(1, -1) },
  });
});

it('parks nothing of a projection that goes on, that stands at another event, or that there is not', async () => {
  const runner = await openRunner();
  await runner.happen(runs(10));
  const projector = runner.start({
    projections: [tally({ refuses: ({ position }) => position === 7n }), tally({ name: 'other' })],
  });
  const park = parks(runner, projector);
  const event = await stoppedAt(projector);
  await expect(park(event, 'other')).rejects.toMatchObject({ code: 'PROJECTION_NOT_STOPPED' });
  await expect(park('00000000-0000-0000-0000-000000000000')).rejects.toMatchObject({
    code: 'PROJECTION_NOT_STOPPED',
    details: { field: 'eventId', expected: event },
  });
  await expect(park(event, 'nobody')).rejects.toMatchObject({ code: 'PROJECTION_NOT_FOUND' });
  expect(await runner.log.head('projection-tally')).toBeUndefined();
});

it('shows on every node how many are parked; only the one that folds parks', async () => {
  const runner = await openRunner();
  const broken = tally({ refuses: ({ position }) => position === 3n });
  const [a, b] = [share(runner, 'a', broken), share(runner, 'b', broken)];
  a.hold(true);
  await runner.happen(runs(3));
  for (const { projector } of [a, b])
    await expect.poll(async () => (await projector.status())[0]?.state).toBe('stopped');
  const { eventId } = await a.projector.stoppedAt('tally');
  await expect(parks(runner, b.projector)(eventId)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  expect(await runner.log.head('projection-tally')).toBeUndefined();
  await parks(runner, a.projector)(eventId);
  for (const { projector } of [a, b])
    await expect
      .poll(() => projector.status())
      .toMatchObject([{ state: 'running', parked: 1, lastError: null }]);
  a.hold(false);
  b.hold(true);
  await expect
    .poll(() => b.projector.status())
    .toMatchObject([{ state: 'running', position: 7n, parked: 1, lastError: null }]);
});
