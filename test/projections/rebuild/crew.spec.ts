import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { ReadModelsUnavailable } from '../../../src/ports/read-models.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import type { Crew, Hand } from '../../../src/projections/rebuild/crew.ts';
import { startProjector } from '../../../src/projections/run-projections.ts';
import { happened, sealAll, type Happened } from '../../spec/given.ts';
import { breakerTurned } from '../gate-samples.ts';
import { randomHistory } from '../random-history.ts';
import { removed, restored } from '../retention-samples.ts';
import { openRunner, watched } from '../runner.ts';
import * as s from '../samples.ts';
import { settled } from '../settled.ts';
import { appendAll, documentsOf, liveDocuments, openStores } from '../stores.ts';
import { runs, tally } from '../tally.ts';
import { crewOn } from './crew.ts';

const PATIENT = 30_000;
const NAMES = PROJECTIONS.map(({ name }) => name);
const SHARDED = PROJECTIONS.filter(({ isOfOneExecution }) => isOfOneExecution).map(({ name }) => name);

const ran = (id: string, at: number): readonly Happened[] => [
  happened(`execution-${id}`, at, s.started(), s.stepStarted('pay'), s.approvalRequested('ask')),
  happened(`notification-of-${id}`, at + 1, s.notificationRequested(id)),
  // Of the same execution, in a stream that is of many.
  happened('breaker-pay', at + 2, breakerTurned('opened', id, 1)),
  happened(`execution-${id}`, at + 2, s.stepCompleted('pay', 1), s.completed(at, 3)),
];

/** Of many executions some are removed, and one is back. */
const WITH_REMOVALS: readonly Happened[] = [
  ...Array.from({ length: 12 }, (_, n) => ran(`e${n}`, n * 10)).flat(),
  happened('execution-e3', 300, removed()),
  happened('execution-e4', 301, removed()),
  ...ran('late', 310),
  happened('execution-e8', 320, removed()),
  happened('execution-e3', 330, restored(['of-e3'])),
  ...ran('later', 340),
];

describe('views that are rebuilt with a crew', () => {
  it.each([1, 2, 3])(
    'are the same with %i beside who rebuilds, also where executions are removed',
    async (size) => {
      const runner = await openRunner();
      const end = await runner.happen(WITH_REMOVALS);
      const crew = crewOn(runner, size);
      const projector = runner.start({ projections: PROJECTIONS, batch: 2, crews: crew.crews });
      await projector.waitFor(end, NAMES, PATIENT);
      const alone = await projector.rebuildAll(SHARDED, { maxShare: 0.99 });
      expect(crew.opened).toBe(0);
      const together = await projector.rebuildAll(SHARDED);
      for (const [n, { rebuilt }] of together.entries()) {
        // Nobody has folded what was another's.
        expect(rebuilt?.events).toBe(alone[n]?.rebuilt?.events);
        expect(rebuilt?.comparison).toMatchObject({ differing: 0 });
      }
      expect(await liveDocuments(runner.readModels)).toEqual(documentsOf(WITH_REMOVALS));
      expect(crew).toMatchObject({ opened: 1, closed: 1, failures: [] });
      expect(new Set(crew.stretches.map(({ shard }) => shard.index)).size).toBe(size);
      expect(crew.stretches.at(-1)).toMatchObject({ shard: { of: size + 1 }, upTo: end });
    },
  );

  it('are the same of any history', async () => {
    await fc.assert(
      fc.asyncProperty(randomHistory, fc.integer({ min: 1, max: 3 }), async (history, size) => {
        const stores = await openStores();
        try {
          const end = await appendAll(stores.log, sealAll(history));
          const { crews, failures } = crewOn(stores, size);
          const { log, readModels } = stores;
          const options = { log, readModels, clock: systemClock(), dense: true, batch: 3, crews };
          const projector = startProjector({ ...options, projections: PROJECTIONS });
          await projector.waitFor(end, NAMES, PATIENT);
          for (const name of SHARDED) await projector.rebuild(name);
          expect(await liveDocuments(readModels)).toEqual(documentsOf(history));
          expect(failures).toEqual([]);
          await projector.stop();
        } finally {
          await stores.close();
        }
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  it('are folded alone when one of the crew fails, which is told', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(20));
    let calls = 0;
    const crew = crewOn(runner, 1, () => {
      calls += 1;
      if (calls === 2) throw new Error('It has ended.');
    });
    const projector = runner.start({ projections: PROJECTIONS, batch: 2, crews: crew.crews });
    await projector.waitFor(end, NAMES, PATIENT);
    expect(await projector.rebuild('timeline')).toMatchObject({ comparison: { differing: 0 }, events: 40 });
    expect(crew).toMatchObject({ opened: 1, closed: 1, failures: [{ message: 'It has ended.' }] });
    expect(crew.stretches).toHaveLength(2);
  });

  it('stop at the first event in the order of the log that cannot be folded', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(20));
    let isBroken = false;
    const refuses = ({ position }: { readonly position: bigint }): boolean => isBroken && position >= 15n;
    const byStream = {
      isOfOneExecution: true,
      keyOf: ({ stream }: { readonly stream: string }) => stream,
    } as const;
    const projections = [{ ...tally({ refuses }), ...byStream }];
    const crew = crewOn(runner, 1, undefined, projections);
    const projector = runner.start({ projections, batch: 4, crews: crew.crews });
    await projector.waitFor(end, ['tally'], PATIENT);
    isBroken = true;
    await expect(projector.rebuild('tally')).rejects.toMatchObject({
      code: 'PROJECTION_FAILED',
      position: 15n,
    });
    expect(crew).toMatchObject({ opened: 1, closed: 1, failures: [] });
  });

  it('are given up with their crew when that is cancelled', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(20));
    const crew = crewOn(runner, 1, () => void projector.control('executions', 'cancel'));
    const projector = runner.start({ projections: PROJECTIONS, batch: 2, crews: crew.crews });
    await projector.waitFor(end, NAMES, PATIENT);
    await expect(projector.rebuild('executions')).rejects.toMatchObject({ code: 'REBUILD_CANCELLED' });
    expect(crew).toMatchObject({ opened: 1, closed: 1 });
    expect(crew.stretches).toHaveLength(1);
  });

  it('are given up at once when the projector stops, also by one who waits for what does not come', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(20));
    const asked = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<never>();
    const waits: Hand = {
      fold: () => {
        asked.resolve();
        return gone.promise;
      },
    };
    const crew: Crew = { ready: () => [waits], close: async () => gone.reject(new Error('It was let go.')) };
    const { crews, failures } = crewOn(runner, 1);
    const projector = runner.start({ projections: PROJECTIONS, crews: { ...crews, open: () => crew } });
    await projector.waitFor(end, NAMES, PATIENT);
    const rebuilt = projector.rebuild('executions').catch((error: unknown) => error);
    await asked.promise;
    await projector.stop();
    expect(await rebuilt).toMatchObject({ code: 'UNAVAILABLE' });
    expect(failures).toEqual([]);
  });

  it('tell of an outage of the store, and of its end', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(20));
    let isAway = true;
    const readModels = watched(runner.readModels, (method, about) => {
      if (method === 'write' && about === 'executions_2' && isAway)
        throw new ReadModelsUnavailable('It is away.');
    });
    const { crews } = crewOn(runner, 1);
    const projector = runner.start({ projections: PROJECTIONS, readModels, crews });
    await projector.waitFor(end, NAMES, PATIENT);
    const rebuilding = projector.rebuild('executions');
    await vi.waitFor(
      async () => {
        const [executions] = await projector.status();
        expect(executions?.lastError?.message).toBe('It is away.');
      },
      { timeout: PATIENT, interval: 0 },
    );
    isAway = false;
    expect(await rebuilding).toMatchObject({ comparison: { differing: 0 } });
    const statuses = await projector.status();
    expect(statuses.filter(({ lastError }) => lastError !== null)).toEqual([]);
  });

  it('keep nobody while they are paused', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(40));
    const paused = Promise.withResolvers<void>();
    const crew = crewOn(runner, 1, () => {
      if (crew.stretches.length === 1) void projector.control('executions', 'pause').then(paused.resolve);
    });
    const projector = runner.start({ projections: PROJECTIONS, batch: 2, crews: crew.crews });
    await projector.waitFor(end, NAMES, PATIENT);
    const rebuilt = projector.rebuild('executions');
    await paused.promise;
    expect(crew).toMatchObject({ opened: 1, closed: 1 });
    await projector.control('executions', 'resume');
    expect(await rebuilt).toMatchObject({ comparison: { differing: 0 }, events: 80 });
    expect(crew).toMatchObject({ opened: 2, closed: 2, failures: [] });
  });

  it.each([
    {
      why: 'documents of them are of many executions',
      names: ['executions', 'outcomes'],
      how: {},
      atLeast: 1,
    },
    { why: 'they are to leave others a share', names: ['executions'], how: { maxShare: 0.9 }, atLeast: 1 },
    { why: 'there is little to fold', names: ['executions'], how: {}, atLeast: 41 },
  ])('are folded alone when $why', async ({ names, how, atLeast }) => {
    const runner = await openRunner();
    const end = await runner.happen(runs(20));
    const crew = crewOn(runner, 1);
    const projector = runner.start({ projections: PROJECTIONS, batch: 2, crews: { ...crew.crews, atLeast } });
    await projector.waitFor(end, NAMES, PATIENT);
    await projector.rebuildAll(names, how);
    expect(crew.opened).toBe(0);
  });

  it('may be outdated ones, which nobody is shown yet', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(20));
    const before = runner.start({ projections: PROJECTIONS });
    await before.waitFor(end, NAMES, PATIENT);
    await before.stop();
    const projections = PROJECTIONS.map((one) =>
      one.name === 'timeline' ? { ...one, version: one.version + 1 } : one,
    );
    const crew = crewOn(runner, 1, undefined, projections);
    const projector = runner.start({ projections, batch: 2, crews: crew.crews });
    await settled(projector, ({ state }) => state === 'running');
    expect(crew).toMatchObject({ opened: 1, closed: 1, failures: [] });
    expect(await liveDocuments(runner.readModels)).toEqual(documentsOf(runs(20)));
  });
});
