import { describe, expect, it } from 'vitest';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { happened } from '../spec/given.ts';
import { handClock } from '../spec/clock.ts';
import { heard, openRunner, watched } from './runner.ts';
import { stepStarted } from './samples.ts';
import { settled } from './settled.ts';
import { documentsOf, liveDocuments } from './stores.ts';
import { runs, tally, tallyOf } from './tally.ts';

const PATIENT = 30_000;

describe('a projector', () => {
  it('folds what is in the log, and then what comes', async () => {
    const runner = await openRunner();
    await runner.happen(runs(3));
    const projector = runner.start();
    for (const count of [3, 4, 9]) {
      const end = await runner.happen(runs(count));
      await projector.waitFor(end, ['tally'], PATIENT);
      expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(count) });
    }
  });

  it('folds all projections of the catalogue in one pass', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(20));
    let subscriptions = 0;
    const log = {
      ...runner.log,
      subscribe: (options: Parameters<typeof runner.log.subscribe>[0]) => {
        subscriptions += 1;
        return runner.log.subscribe(options);
      },
    };
    const projector = runner.start({ log, projections: PROJECTIONS, batch: 3 });
    await projector.waitFor(
      end,
      PROJECTIONS.map(({ name }) => name),
      PATIENT,
    );
    expect(await liveDocuments(runner.readModels)).toEqual(documentsOf(runs(20)));
    expect(subscriptions).toBe(1);
  });

  it.each([1, 2, 7, 4_096])('reads batches of at most %i events', async (batch) => {
    const runner = await openRunner();
    const end = await runner.happen(runs(5));
    const sizes: number[] = [];
    const log = {
      ...runner.log,
      async *subscribe(options: Parameters<typeof runner.log.subscribe>[0]) {
        for await (const found of runner.log.subscribe(options)) {
          sizes.push(found.events.length);
          yield found;
        }
      },
    };
    await runner.start({ log, batch }).waitFor(end, ['tally'], PATIENT);
    expect(Math.max(...sizes)).toBe(Math.min(batch, 10));
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(5) });
  });

  it('lets the log grow before it looks again, once it has caught up', async () => {
    const runner = await openRunner();
    const clock = handClock();
    let writes = 0;
    const readModels = watched(runner.readModels, (method) => void (writes += method === 'write' ? 1 : 0));
    const projector = runner.start({ readModels, clock, pace: 20 });
    await clock.armed(clock.now() + 2);
    for (const count of [1, 2, 3]) await runner.happen(runs(count));
    const end = await runner.log.end();
    expect(writes).toBe(0);
    clock.advance(2);
    await clock.armed(clock.now() + 2);
    expect(writes).toBe(1);
    expect(await runner.record('tally')).toMatchObject({ position: end });
    await projector.stop();
  });

  it.each([
    [2, 4, 8],
    [2, 10, 20],
    [2, 300, 20],
    [129, 2, 4],
    [129, 10, 5],
  ])(
    'rests behind %i runs that took %i ms for %i ms, at most as long as its pace, and briefly behind many',
    async (count, takes, rests) => {
      const runner = await openRunner();
      await runner.happen(runs(count));
      const clock = handClock();
      let over = 0;
      const readModels = watched(runner.readModels, (method) => {
        if (method !== 'write') return;
        clock.advance(takes);
        over = clock.now();
      });
      const projector = runner.start({ readModels, clock, pace: 20 });
      await clock.armed(clock.now() + takes + rests);
      expect(clock.now()).toBe(over);
      await projector.stop();
    },
  );

  it('stores its checkpoint behind the documents, and does not ask for those that it wrote last', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(4));
    let calls = '';
    const readModels = watched(runner.readModels, (method) => void (calls += `${method} `));
    const projector = runner.start({ readModels, batch: 4 });
    await projector.waitFor(end, ['tally'], PATIENT);
    expect(calls).toBe(
      `load saveProjection drop prepare saveProjection load ${'write saveProjection '.repeat(2)}`,
    );
    expect(await runner.record('tally')).toEqual({
      name: 'tally',
      version: 1,
      generation: 1,
      position: end,
    });
  });

  it('goes on from its checkpoint when it is started again', async () => {
    const runner = await openRunner();
    const first = runner.start();
    await first.waitFor(await runner.happen(runs(3)), ['tally'], PATIENT);
    await first.stop();
    const end = await runner.happen(runs(5));
    const asked: bigint[] = [];
    const log = {
      ...runner.log,
      subscribe: (options: Parameters<typeof runner.log.subscribe>[0]) => {
        asked.push(options.after);
        return runner.log.subscribe(options);
      },
    };
    const second = runner.start({ log });
    await second.waitFor(end, ['tally'], PATIENT);
    expect(asked).toEqual([6n]);
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(5) });
  });

  it('does not store a checkpoint for every event that it has nothing to do with, but does when it stops', async () => {
    const runner = await openRunner();
    const other = (count: number) =>
      Array.from({ length: count }, (_, n) => happened('execution-other', n, stepStarted('pay', n + 1)));
    let saved = 0;
    const readModels = watched(runner.readModels, (method, about) => {
      if (method === 'saveProjection' && about === 'tally') saved += 1;
    });
    const projector = runner.start({ readModels });
    for (const count of [1, 2, 3]) {
      await projector.waitFor(await runner.happen([...other(count)]), ['tally'], PATIENT);
    }
    expect(saved).toBe(1);
    expect((await runner.record('tally'))?.position).toBe(0n);
    await projector.stop();
    expect((await runner.record('tally'))?.position).toBe(3n);
  });

  it('makes the same documents when two of them fold the same log at once', async () => {
    const runner = await openRunner();
    const projectors = [runner.start({ batch: 3 }), runner.start({ batch: 5 })];
    for (const count of [10, 20, 30]) await runner.happen(runs(count));
    const end = await runner.log.end();
    await Promise.all(projectors.map((projector) => projector.waitFor(end, ['tally'], PATIENT)));
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(30) });
  });

  it('lets go of everything when it is stopped, also twice', async () => {
    const runner = await openRunner();
    const projector = runner.start();
    await projector.waitFor(await runner.happen(runs(1)), ['tally'], PATIENT);
    await Promise.all([projector.stop(), projector.stop()]);
    await runner.happen(runs(3));
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(1) });
    await expect(projector.waitFor(6n, ['tally'], PATIENT)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('the progress that it tells', () => {
  it('names what changed, after it is stored', async () => {
    const runner = await openRunner();
    const projector = runner.start();
    const stored: unknown[] = [];
    projector.onProgress((progress) => {
      for (const { changed } of progress) {
        if (changed?.includes('ship_order') === true) stored.push(runner.documents('tally_1'));
      }
    });
    const all = heard(projector);
    await projector.waitFor(await runner.happen(runs(1)), ['tally'], PATIENT);
    await projector.waitFor(await runner.happen([...runs(1), ...runs(1, 1, 'refund')]), ['tally'], PATIENT);
    const changes = all.filter(({ changed }) => changed?.length !== 0);
    expect(new Set(changes.flatMap(({ changed }) => changed ?? ['all']))).toEqual(
      new Set(['ship_order', 'refund']),
    );
    expect(changes.at(-1)).toEqual({
      name: 'tally',
      version: 1,
      generation: 1,
      position: 4n,
      state: 'running',
      changed: ['refund'],
    });
    expect(stored.length).toBeGreaterThan(0);
    for (const documents of await Promise.all(stored)) expect(documents).toHaveProperty('ship_order');
  });

  it('does not name them when they are many', async () => {
    const runner = await openRunner();
    const many = Array.from({ length: 65 }, (_, n) => runs(1, n, `workflow_${n}`)).flat();
    const end = await runner.happen(many);
    const projector = runner.start();
    const all = heard(projector);
    await projector.waitFor(end, ['tally'], PATIENT);
    expect(all.filter(({ position }) => position === end).map(({ changed }) => changed)).toEqual([undefined]);
  });

  it('is not told any more to who does not want it', async () => {
    const runner = await openRunner();
    const projector = runner.start();
    let told = 0;
    const letGo = projector.onProgress(() => (told += 1));
    await projector.waitFor(await runner.happen(runs(1)), ['tally'], PATIENT);
    const before = told;
    letGo();
    await projector.waitFor(await runner.happen(runs(2)), ['tally'], PATIENT);
    expect(before).toBeGreaterThan(0);
    expect(told).toBe(before);
  });
});

describe('beginning', () => {
  it('drops what a rebuild that died has left', async () => {
    const runner = await openRunner();
    await runner.readModels.prepare('tally_1', []);
    await runner.readModels.write('tally_1', [
      { key: 'ship_order', doc: { left: true }, position: 99n, expected: undefined },
    ]);
    await runner.start().waitFor(await runner.happen(runs(2)), ['tally'], PATIENT);
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(2) });
  });

  it('lets a new projection among others begin beside them', async () => {
    const runner = await openRunner();
    const old = runner.start();
    await old.waitFor(await runner.happen(runs(3)), ['tally'], PATIENT);
    await old.stop();
    const projector = runner.start({ projections: [tally(), tally({ name: 'other' })] });
    const end = await runner.happen(runs(5));
    await projector.waitFor(end, ['tally', 'other'], PATIENT);
    expect(await liveDocuments(runner.readModels)).toEqual({
      tally: { ship_order: tallyOf(5) },
      other: { ship_order: tallyOf(5) },
    });
  });

  it('rebuilds a projection of another version, and shows the old documents until then', async () => {
    const runner = await openRunner();
    const old = runner.start();
    await old.waitFor(await runner.happen(runs(3)), ['tally'], PATIENT);
    await old.stop();
    const shownAtSwap: unknown[] = [];
    const readModels = watched(runner.readModels, async (method) => {
      if (method === 'saveProjection') shownAtSwap.push(await liveDocuments(runner.readModels));
    });
    const projector = runner.start({ readModels, projections: [tally({ version: 2, step: 10 })] });
    await settled(projector, ({ state, generation }) => state === 'running' && generation === 2);
    expect(shownAtSwap[0]).toEqual({ tally: { ship_order: tallyOf(3) } });
    expect(await runner.record('tally')).toEqual({ name: 'tally', version: 2, generation: 2, position: 6n });
    expect(await liveDocuments(runner.readModels)).toEqual({
      tally: { ship_order: { ...tallyOf(3), started: 30, completed: 30 } },
    });
  });
});
