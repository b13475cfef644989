import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { EventLog } from '../../src/ports/event-log.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { liveCollections } from '../../src/projections/live-collections.ts';
import { handClock } from '../spec/clock.ts';
import { faultyReadModels } from './faulty-read-models.ts';
import { heard, openRunner, watched, type Runner } from './runner.ts';
import { settled } from './settled.ts';
import { documentsOf, liveDocuments } from './stores.ts';
import { runs, tally, tallyOf, type TallyDocument } from './tally.ts';

const PATIENT = 30_000;

const begun = async (count: number): Promise<Runner> => {
  const runner = await openRunner();
  const projector = runner.start();
  await projector.waitFor(await runner.happen(runs(count)), ['tally'], PATIENT);
  await projector.stop();
  return runner;
};

describe('a rebuild', () => {
  it('folds the whole log anew into the next generation, and swaps', async () => {
    const runner = await begun(5);
    // Nothing that was wrong in the old documents comes over.
    await runner.readModels.write('tally_1', [
      { key: 'ship_order', doc: { wrong: true }, position: 10n, expected: 10n },
    ]);
    const projector = runner.start({ batch: 3, clock: handClock() });
    expect(await projector.rebuild('tally')).toMatchObject({
      kind: 'rebuild',
      generation: 2,
      events: 10,
      duration: 0,
      position: 10n,
    });
    expect(await runner.record('tally')).toEqual({ name: 'tally', version: 1, generation: 2, position: 10n });
    expect(await runner.documents('tally_2')).toEqual({ ship_order: tallyOf(5) });
    expect(await runner.documents('tally_1')).toEqual({ ship_order: { wrong: true } });
  });

  it('goes on with the new documents', async () => {
    const runner = await begun(2);
    const projector = runner.start();
    await projector.rebuild('tally');
    await projector.waitFor(await runner.happen(runs(4)), ['tally'], PATIENT);
    expect(await liveDocuments(runner.readModels)).toEqual({ tally: { ship_order: tallyOf(4) } });
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(2) });
  });

  it('makes the same documents of every projection of the catalogue', async () => {
    const runner = await openRunner();
    const projector = runner.start({ projections: PROJECTIONS, batch: 5 });
    await projector.waitFor(
      await runner.happen(runs(10)),
      PROJECTIONS.map(({ name }) => name),
      PATIENT,
    );
    for (const { name } of PROJECTIONS) {
      expect(await projector.rebuild(name)).toMatchObject({ generation: 2, position: 20n });
    }
    expect(await liveDocuments(runner.readModels)).toEqual(documentsOf(runs(10)));
  });

  it('keeps the generation before, and no older one', async () => {
    const runner = await begun(2);
    const projector = runner.start();
    for (const generation of [2, 3, 4]) {
      expect(await projector.rebuild('tally')).toMatchObject({ generation });
    }
    const kept = [1, 2, 3, 4].map((generation) => runner.documents(`tally_${generation}`));
    const doc = { ship_order: tallyOf(2) };
    expect(await Promise.all(kept)).toEqual([{}, {}, doc, doc]);
  });

  it('never lets reads fail, go back or be of half a projection, while more is appended', async () => {
    const runner = await begun(300);
    const projector = runner.start({ batch: 20 });
    const collections = liveCollections(runner.readModels, projector);
    const over = new AbortController();
    const generations = new Set<string>();
    let least = 300;
    const read = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const collection = await collections.of('tally');
        generations.add(collection);
        const found = await runner.readModels.find(collection, {
          limit: 9,
          orderBy: [{ field: 'started', direction: 'asc' }],
        });
        const [doc] = found.map((one) => one.doc as unknown as TallyDocument);
        expect(doc?.completed).toBeGreaterThanOrEqual(least);
        expect(doc?.seen.length).toBe((doc?.started ?? 0) + (doc?.completed ?? 0));
        least = doc?.completed ?? 0;
        await turn();
      }
    };
    const reading = read();
    const rebuild = async (): Promise<void> => {
      for (const generation of [2, 3]) {
        expect(await projector.rebuild('tally')).toMatchObject({ generation });
      }
    };
    const append = async (): Promise<void> => {
      for (let count = 310; count <= 400; count += 10) await runner.happen(runs(count));
    };
    await Promise.all([rebuild(), append()]);
    await projector.waitFor(await runner.log.end(), ['tally'], PATIENT);
    over.abort();
    await reading;
    collections.close();
    expect(generations).toContain('tally_1');
    expect(await collections.of('tally')).toBe('tally_3');
    expect(await liveDocuments(runner.readModels)).toEqual({ tally: { ship_order: tallyOf(400) } });
  }, 60_000);

  it('catches up with what the live documents got while its last batch was under way', async () => {
    const runner = await begun(4);
    let overtaken = false;
    const readModels = watched(runner.readModels, async (method, about) => {
      if (method !== 'write' || about !== 'tally_2' || overtaken) return;
      overtaken = true;
      await projector.waitFor(await runner.happen(runs(7)), ['tally'], PATIENT);
    });
    const projector = runner.start({ readModels });
    await settled(projector, ({ state }) => state === 'running');
    expect(await projector.rebuild('tally')).toMatchObject({ generation: 2, position: 14n });
    await projector.waitFor(await runner.happen(runs(8)), ['tally'], PATIENT);
    expect(await runner.documents('tally_2')).toEqual({ ship_order: tallyOf(8) });
  });

  it('lets nothing come between its last look at the log and the swap', async () => {
    const runner = await begun(4);
    const read = Promise.withResolvers<void>();
    const log: EventLog = {
      ...runner.log,
      async *subscribe(options) {
        for await (const batch of runner.log.subscribe(options)) {
          if (batch.position > 8n) read.resolve();
          yield batch;
        }
      },
    };
    const readModels: ReadModels = {
      ...runner.readModels,
      async saveProjection(record) {
        if (record.generation === 2 && record.position === 8n) {
          await runner.happen(runs(6));
          await read.promise;
          // By now the main pass would have folded them, if it could.
          for (let n = 0; n < 20; n += 1) await turn();
        }
        return runner.readModels.saveProjection(record);
      },
    };
    const projector = runner.start({ log, readModels });
    await settled(projector, ({ state }) => state === 'running');
    await projector.rebuild('tally');
    await projector.waitFor(12n, ['tally'], PATIENT);
    expect(await runner.documents('tally_2')).toEqual({ ship_order: tallyOf(6) });
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(4) });
  });

  it('shows how far it is, and that all documents changed at the end', async () => {
    const runner = await begun(6);
    let midway: unknown;
    const readModels = watched(runner.readModels, async (method, about) => {
      if (method === 'write' && about === 'tally_2') midway = await projector.status();
    });
    const projector = runner.start({ readModels, batch: 4 });
    await settled(projector, ({ state }) => state === 'running');
    const all = heard(projector);
    await projector.rebuild('tally');
    expect(midway).toMatchObject([
      {
        state: 'rebuilding',
        generation: 1,
        position: 12n,
        lagEvents: 0,
        rebuild: { generation: 2, position: 8n, events: 8 },
      },
    ]);
    expect(all.filter(({ changed }) => changed === undefined)).toMatchObject([
      { name: 'tally', generation: 2, position: 12n },
    ]);
    expect(all.at(-1)).toMatchObject({ state: 'running', generation: 2, changed: [] });
    expect(await projector.status()).toMatchObject([{ state: 'running', generation: 2, rebuild: null }]);
  });

  it('brings a projection back that had stopped', async () => {
    const runner = await openRunner();
    const end = await runner.happen(runs(3));
    let broken = true;
    const projector = runner.start({
      projections: [tally({ refuses: ({ position }) => broken && position === 4n })],
    });
    await settled(projector, ({ state }) => state === 'stopped');
    broken = false;
    expect(await projector.rebuild('tally')).toMatchObject({ generation: 2, events: 6, position: end });
    await projector.waitFor(await runner.happen(runs(5)), ['tally'], PATIENT);
    expect(await projector.status()).toMatchObject([{ state: 'running', lastError: null, lagEvents: 0 }]);
    expect(await runner.documents('tally_2')).toEqual({ ship_order: tallyOf(5) });
  });
});

describe('a rebuild that cannot be', () => {
  it('is refused for a projection that is not there', async () => {
    const runner = await openRunner();
    await expect(runner.start().rebuild('nobody')).rejects.toMatchObject({
      code: 'PROJECTION_NOT_FOUND',
      details: { found: 'nobody', expected: ['tally'] },
    });
  });

  it('is refused while there is one', async () => {
    const runner = await begun(3);
    const projector = runner.start();
    await settled(projector, ({ state }) => state === 'running');
    const answers = await Promise.allSettled([projector.rebuild('tally'), projector.rebuild('tally')]);
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: { generation: 2 } },
      {
        status: 'rejected',
        reason: {
          code: 'REBUILD_RUNNING',
          message: 'Expected "tally" not to be rebuilt yet, but it is under way.',
          details: { projection: 'tally' },
        },
      },
    ]);
    expect(await projector.rebuild('tally')).toMatchObject({ generation: 3 });
  });

  it('leaves the live documents when the projection throws, which go on', async () => {
    const runner = await begun(4);
    const projector = runner.start({ projections: [tally({ refuses: ({ position }) => position === 3n })] });
    await settled(projector, ({ state }) => state === 'running');
    await expect(projector.rebuild('tally')).rejects.toMatchObject({
      code: 'PROJECTION_FAILED',
      stream: 'execution-e1',
      revision: 0,
    });
    await projector.waitFor(await runner.happen(runs(6)), ['tally'], PATIENT);
    expect(await projector.status()).toMatchObject([{ state: 'running', generation: 1, rebuild: null }]);
    expect(await liveDocuments(runner.readModels)).toEqual({ tally: { ship_order: tallyOf(6) } });
  });

  it('waits while the store is away, and goes on', async () => {
    const runner = await begun(4);
    const clock = handClock();
    const readModels = faultyReadModels(runner.readModels);
    const projector = runner.start({ readModels, clock });
    await settled(projector, ({ state }) => state === 'running');
    readModels.setAvailable(false);
    const rebuilt = projector.rebuild('tally');
    await clock.armed(clock.now() + 100);
    expect(await projector.status()).toMatchObject([
      { state: 'waiting', lastError: { code: 'READ_MODELS_UNAVAILABLE' } },
    ]);
    readModels.setAvailable(true);
    clock.advance(100);
    expect(await rebuilt).toMatchObject({ generation: 2, events: 8, duration: 100, position: 8n });
    expect(await projector.status()).toMatchObject([{ state: 'running', lastError: null }]);
  });

  it('ends with the projector, and is gone on with by the next one', async () => {
    const runner = await begun(4);
    let stop: Promise<void> | undefined;
    const readModels = watched(runner.readModels, (method, about) => {
      if (method === 'write' && about === 'tally_2') stop ??= projector.stop();
    });
    const projector = runner.start({ readModels, batch: 2 });
    await expect(projector.rebuild('tally')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await stop;
    expect(await runner.record('tally')).toMatchObject({ generation: 1, position: 8n });
    expect(await runner.documents('tally_2')).not.toEqual({});
    const next = runner.start();
    await next.waitFor(8n, ['tally'], PATIENT);
    await settled(next, ({ generation, state }) => generation === 2 && state === 'running');
    expect(await runner.documents('tally_2')).toEqual({ ship_order: tallyOf(4) });
    expect(await next.rebuild('tally')).toMatchObject({ generation: 3 });
    expect(await runner.documents('tally_3')).toEqual({ ship_order: tallyOf(4) });
  });
});
