import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../src/domain/registry.ts';
import { LogUnavailable, type EventLog } from '../../src/ports/event-log.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { readViews } from '../../src/projections/generations.ts';
import type { Projector } from '../../src/projections/projector.ts';
import { handClock } from '../spec/clock.ts';
import { sealAll } from '../spec/given.ts';
import { Crash, faultyReadModels } from './faulty-read-models.ts';
import { heard, openRunner, watched } from './runner.ts';
import { settled } from './settled.ts';
import { runs, tally, tallyOf } from './tally.ts';

const PATIENT = 30_000;
const at =
  (stream: string, revision = 0) =>
  (event: Recorded): boolean =>
    event.stream === stream && event.revision === revision;

describe('a projection that throws', () => {
  it('stops and says where, with everything before that folded, while the others go on', async () => {
    const runner = await openRunner();
    const history = runs(5);
    const end = await runner.happen(history);
    const projections = [tally({ name: 'faulty', refuses: at('execution-e2', 1) }), tally()];
    const projector = runner.start({ projections });
    const all = heard(projector);
    await projector.waitFor(end, ['tally'], PATIENT);
    expect((await runner.documents('tally_1'))['ship_order']).toEqual(tallyOf(5));
    expect((await runner.documents('faulty_1'))['ship_order']?.['seen']).toEqual(tallyOf(5).seen.slice(0, 5));
    expect(await runner.record('faulty')).toMatchObject({ position: 5n });
    const [status] = await projector.status();
    const eventId = sealAll(history)[5]?.events[0]?.id;
    expect(status).toMatchObject({
      state: 'stopped',
      position: 5n,
      lagEvents: 5,
      lastError: {
        code: 'PROJECTION_FAILED',
        message: `Expected the projection "faulty" to fold execution.completed (execution-e2@1, ${eventId}), but it threw: It went wrong.`,
        stream: 'execution-e2',
        revision: 1,
        eventId,
      },
    });
    expect(all).toContainEqual({
      name: 'faulty',
      version: 1,
      generation: 1,
      position: 5n,
      state: 'stopped',
      changed: [],
    });
  });

  it('does not let anybody wait for it', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(2));
    const projector = runner.start({ projections: [tally({ refuses: at('execution-e1') })] });
    await expect(projector.waitFor(end, ['tally'], PATIENT)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      details: { projection: 'tally' },
    });
    await projector.waitFor(2n, ['tally'], 0);
  });

  it('stays where it is while the log goes on, and skips nothing', async () => {
    const runner = await openRunner();
    const projections = [tally({ name: 'faulty', refuses: at('execution-e1') }), tally()];
    const projector = runner.start({ projections });
    for (const count of [2, 4]) {
      await projector.waitFor(await runner.happen(runs(count)), ['tally'], PATIENT);
    }
    expect((await projector.status()).map(({ position }) => position)).toEqual([2n, 8n]);
    expect(await runner.documents('faulty_1')).toEqual({ ship_order: tallyOf(1) });
  });

  it('stops at the same place when it is started again, and goes on there once it is mended', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(4));
    for (let life = 0; life < 2; life += 1) {
      const projector = runner.start({ projections: [tally({ refuses: at('execution-e1') })] });
      await settled(projector, ({ state }) => state === 'stopped');
      expect(await runner.record('tally')).toMatchObject({ position: 2n });
      await projector.stop();
    }
    await runner.start().waitFor(end, ['tally'], PATIENT);
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(4) });
  });

  it('does not lose the others what is between it and them, when they are started again together', async () => {
    const runner = await openRunner();
    await runner.happen(runs(4));
    const first = runner.start({
      projections: [tally({ name: 'faulty', refuses: at('execution-e1') }), tally()],
    });
    await first.waitFor(8n, ['tally'], PATIENT);
    await first.stop();
    const end = await runner.happen(runs(6));
    const second = runner.start({ projections: [tally({ name: 'faulty' }), tally()], batch: 3 });
    await second.waitFor(end, ['faulty', 'tally'], PATIENT);
    expect(await runner.documents('faulty_1')).toEqual({ ship_order: tallyOf(6) });
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(6) });
  });

  it('does not make the others read again what they have, once it has stopped', async () => {
    const runner = await openRunner();
    const projections = [tally({ name: 'faulty', refuses: at('execution-e1') }), tally()];
    const first = runner.start({ projections });
    await first.waitFor(await runner.happen(runs(40)), ['tally'], PATIENT);
    await first.stop();
    const asked: bigint[] = [];
    const log: EventLog = {
      ...runner.log,
      subscribe(options) {
        asked.push(options.after);
        return runner.log.subscribe(options);
      },
    };
    const second = runner.start({ log, projections, batch: 2 });
    await second.waitFor(await runner.happen(runs(41)), ['tally'], PATIENT);
    expect(asked).toEqual([2n, 80n]);
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(41) });
  });

  it('stops at an event that this version cannot read', async () => {
    const runner = await openRunner();
    await runner.happen(runs(3));
    const log: EventLog = {
      ...runner.log,
      async *subscribe(options) {
        for await (const batch of runner.log.subscribe(options)) {
          const events = batch.events.map((event) =>
            event.position === 4n ? { ...event, type: 'step.unheard_of' } : event,
          );
          yield { ...batch, events };
        }
      },
    };
    const projector = runner.start({ log });
    await settled(projector, ({ state }) => state === 'stopped');
    expect(await projector.status()).toMatchObject([
      { position: 3n, lastError: { code: 'PROJECTION_FAILED', stream: 'execution-e1', revision: 1 } },
    ]);
  });
});

describe('a store that is away', () => {
  it('is asked again, later each time, until it answers', async () => {
    const runner = await openRunner();
    const clock = handClock();
    const readModels = faultyReadModels(runner.readModels);
    const projector = runner.start({ readModels, clock });
    await projector.waitFor(await runner.happen(runs(1)), ['tally'], PATIENT);
    const all = heard(projector);
    readModels.setAvailable(false);
    const end = await runner.happen(runs(3));
    for (const pause of [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
      await clock.armed(clock.now() + pause);
      expect(await projector.status()).toMatchObject([
        {
          state: 'waiting',
          lastError: {
            code: 'READ_MODELS_UNAVAILABLE',
            message: 'Expected the store to answer, but it is away.',
            stream: null,
          },
        },
      ]);
      clock.advance(pause - 1);
      expect(clock.due.length).toBeGreaterThan(0);
      clock.advance(1);
    }
    await clock.armed(clock.now() + 5_000);
    readModels.setAvailable(true);
    const waiting = projector.waitFor(end, ['tally'], 3_600_000);
    clock.advance(5_000);
    await waiting;
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(3) });
    expect(await projector.status()).toMatchObject([{ state: 'running', lastError: null }]);
    expect(all.map(({ state }) => state)).toContain('waiting');
    expect(all.at(-1)?.state).toBe('running');
  });

  it('does not keep a projector from starting once it answers', async () => {
    const runner = await openRunner();
    const clock = handClock();
    const readModels = faultyReadModels(runner.readModels);
    readModels.setAvailable(false);
    const projector = runner.start({ readModels, clock });
    const end = await runner.happen(runs(2));
    await clock.armed(clock.now() + 100);
    expect(await projector.status()).toMatchObject([{ state: 'waiting', generation: 0 }]);
    readModels.setAvailable(true);
    const waiting = projector.waitFor(end, ['tally'], 3_600_000);
    clock.advance(100);
    await waiting;
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(2) });
  });

  it('does not keep a projector from being stopped', async () => {
    const runner = await openRunner();
    const clock = handClock();
    const readModels = faultyReadModels(runner.readModels);
    readModels.setAvailable(false);
    const projector = runner.start({ readModels, clock });
    await clock.armed(clock.now() + 100);
    await projector.stop();
    expect(clock.due).toEqual([]);
  });

  it('stops a projection when its fault is not one that passes', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(2));
    const broken: ReadModels = watched(runner.readModels, (method, about) => {
      if (method === 'write' && about === 'tally_1') throw new Error('The disk is on fire.');
    });
    const projector = runner.start({ readModels: broken, projections: [tally(), tally({ name: 'other' })] });
    await projector.waitFor(end, ['other'], PATIENT);
    expect(await projector.status()).toMatchObject([
      { name: 'tally', state: 'stopped', lastError: { code: 'INTERNAL', message: 'The disk is on fire.' } },
      { name: 'other', state: 'running', lastError: null },
    ]);
  });
});

describe('a log that is away', () => {
  const away = () => new LogUnavailable('Expected the log to answer, but it is away.');

  it('is asked again from where the projector stands', async () => {
    const runner = await openRunner();
    const clock = handClock();
    await runner.happen(runs(3));
    const asked: bigint[] = [];
    let breaks = 2;
    const log: EventLog = {
      ...runner.log,
      async *subscribe(options) {
        asked.push(options.after);
        for await (const batch of runner.log.subscribe({ ...options, batch: 2 })) {
          yield batch;
          if (breaks > 0) {
            breaks -= 1;
            throw away();
          }
        }
      },
    };
    const projector = runner.start({ log, clock });
    for (let n = 0; n < 2; n += 1) {
      await clock.armed(clock.now() + 100);
      expect(await projector.status()).toMatchObject([
        { state: 'waiting', lastError: { code: 'LOG_UNAVAILABLE' } },
      ]);
      clock.advance(100);
    }
    await projector.waitFor(6n, ['tally'], PATIENT);
    expect(asked).toEqual([0n, 2n, 4n]);
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(3) });
    expect(await projector.status()).toMatchObject([{ state: 'running', lastError: null }]);
  });

  it('is told apart in the status from one that has no more', async () => {
    const runner = await openRunner();
    const log: EventLog = { ...runner.log, end: () => Promise.reject(away()) };
    const projector = runner.start({ log });
    await projector.waitFor(await runner.happen(runs(2)), ['tally'], PATIENT);
    expect(await projector.status()).toMatchObject([
      { state: 'waiting', position: 4n, lagEvents: null, lastError: { code: 'LOG_UNAVAILABLE' } },
    ]);
  });
});

describe('a server that dies', () => {
  const bury = async (projector: Projector): Promise<void> => {
    try {
      await projector.stop();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  };

  /** One life of a server, which ends at the `crashAt`th call that changes something. Answers whether it died. */
  const live = async (runner: Awaited<ReturnType<typeof openRunner>>, crashAt: number, end: bigint) => {
    const readModels = faultyReadModels(runner.readModels, crashAt);
    const projector = runner.start({
      readModels,
      batch: 3,
      projections: [tally(), tally({ name: 'other' })],
    });
    await settled(projector, ({ state, position }) => state === 'stopped' || position >= end);
    const died = (await projector.status()).some(({ state }) => state === 'stopped');
    await bury(projector);
    return died;
  };

  it('between any two calls makes the same documents in its next life', async () => {
    let died = true;
    let deaths = 0;
    for (let crashAt = 0; died; crashAt += 1) {
      const runner = await openRunner();
      const end = await runner.happen(runs(4));
      died = await live(runner, crashAt, end);
      if (died) deaths += 1;
      expect(await live(runner, Number.POSITIVE_INFINITY, end)).toBe(false);
      for (const { name, position, generation } of await readViews(runner.readModels)) {
        expect(position).toBe(end);
        expect(await runner.documents(`${name}_${generation}`)).toEqual({ ship_order: tallyOf(4) });
      }
    }
    expect(deaths).toBeGreaterThan(10);
  }, 60_000);

  it('between documents and checkpoint folds them again to no effect', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(4));
    let saves = 0;
    const readModels = watched(runner.readModels, (method) => {
      if (method === 'saveProjection' && (saves += 1) > 2) throw new Crash('Nothing is stored any more.');
    });
    const projector = runner.start({ readModels });
    await settled(projector, ({ state }) => state === 'stopped');
    await bury(projector);
    expect(await runner.record('tally')).toMatchObject({ position: 0n });
    expect(await runner.readModels.load('tally_1', ['ship_order'])).toEqual(
      new Map([['ship_order', { key: 'ship_order', position: end, doc: tallyOf(4) }]]),
    );
    let writes = 0;
    const second = runner.start({
      readModels: watched(runner.readModels, (method) => {
        if (method === 'write') writes += 1;
      }),
    });
    await second.waitFor(end, ['tally'], PATIENT);
    expect(writes).toBe(0);
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(4) });
  });
});
