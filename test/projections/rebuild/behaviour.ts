import { describe, expect, it } from 'vitest';
import { setImmediate as turn } from 'node:timers/promises';
import type { DocumentWrite } from '../../../src/ports/read-models.ts';
import { liveCollections } from '../../../src/projections/live-collections.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { watched, type Runner } from '../runner.ts';
import { settled } from '../settled.ts';
import { documentsIn, documentsOf, liveDocuments } from '../stores.ts';
import { runs, tally, tallyOf, type TallyDocument } from '../tally.ts';

const PATIENT = 60_000;
const NAMES = ['tally', 'other'];
const BOTH = [tally(), tally({ name: 'other' })];

/** Changes what is stored, as nothing but a fault would. */
const corrupt = async (runner: Runner, collection: string, write: DocumentWrite): Promise<void> =>
  expect(await runner.readModels.write(collection, [write])).toEqual([]);

/** Whether a collection can be written to. */
const isThere = async ({ readModels }: Runner, collection: string): Promise<boolean> => {
  const key = 'not-there';
  // Nothing is at this place, so nothing is written.
  const write = { key, doc: {}, position: 1n, expected: 77n };
  return readModels.write(collection, [write]).then(
    () => true,
    () => false,
  );
};

/** What a rebuild does on any stores. */
export const rebuildBehaviour = (name: string, open: () => Promise<Runner>): void => {
  describe(`rebuilds on ${name}`, () => {
    const begun = async (count: number, workflows = ['ship_order']) => {
      const runner = await open();
      const projector = runner.start({ projections: BOTH });
      const history = workflows.flatMap((workflow, n) => runs(count, n * count, workflow));
      const end = await runner.happen(history);
      await projector.waitFor(end, NAMES, PATIENT);
      return { runner, projector, history, end };
    };

    it('finds nothing wrong with views that are right, and leaves everything as it was', async () => {
      const { runner, projector, end } = await begun(5, ['a', 'b', 'c']);
      const answers = await projector.rebuildAll(undefined, { dryRun: true });
      expect(answers).toMatchObject(
        NAMES.map((one) => ({
          name: one,
          error: null,
          rebuilt: { kind: 'verify', generation: 2, events: 30, position: end, digest: { documents: 3 } },
        })),
      );
      for (const { rebuilt } of answers)
        expect(rebuilt?.comparison).toEqual({
          live: rebuilt?.digest,
          differing: 0,
          differences: [],
          days: [],
        });
      expect(await runner.record('tally')).toMatchObject({ generation: 1, position: end });
      expect(await Promise.all(['tally_1', 'tally_2'].map((one) => isThere(runner, one)))).toEqual([
        true,
        false,
      ]);
      expect(await projector.rebuild('tally', { dryRun: true })).toMatchObject({ generation: 3 });
    });

    it('names what differs, what is missing and what is too many, with both forms; a rebuild heals it', async () => {
      const { runner, projector, history, end } = await begun(2, ['a', 'b', 'c']);
      const [a] = await runner.readModels.find('tally_1', { limit: 1 });
      const position = a?.position ?? 0n;
      await corrupt(runner, 'tally_1', { key: 'a', doc: { wrong: 1 }, position, expected: position });
      await corrupt(runner, 'tally_1', { key: 'aa', doc: { more: 1 }, position, expected: undefined });
      await corrupt(runner, 'tally_1', { key: 'z', doc: { ahead: 1 }, position: 999n, expected: undefined });
      const kept = await runner.readModels.find('tally_1', { limit: 9 });
      await runner.readModels.drop('tally_1');
      await runner.readModels.prepare('tally_1', []);
      const writes = kept.filter(({ key }) => key !== 'c');
      await runner.readModels.write(
        'tally_1',
        writes.map((one) => ({ ...one, expected: undefined })),
      );
      const found = {
        differing: 4,
        differences: [
          { key: 'a', live: { wrong: 1 }, rebuilt: { workflow: 'a', started: 2, completed: 2 } },
          { key: 'aa', live: { more: 1 }, rebuilt: null },
          { key: 'c', live: null, rebuilt: { workflow: 'c' } },
          { key: 'z', live: { ahead: 1 }, rebuilt: null },
        ],
        live: { documents: 4 },
      };
      const dry = await projector.rebuild('tally', { dryRun: true });
      expect(dry).toMatchObject({ comparison: found, digest: { documents: 3 } });
      expect(dry.comparison?.live.checksum).not.toBe(dry.digest?.checksum);
      expect(await runner.readModels.find('tally_1', { limit: 9 })).toHaveLength(4);
      expect(await projector.rebuild('tally')).toMatchObject({ comparison: found, position: end });
      expect(await projector.rebuild('tally', { dryRun: true })).toMatchObject({
        comparison: { differing: 0 },
      });
      await projector.waitFor(await runner.happen([...history, ...runs(1, 50, 'c')]), NAMES, PATIENT);
      const live = await liveDocuments(runner.readModels);
      expect(live['tally']).toEqual(live['other']);
    });

    it('compares what is written on meanwhile', async () => {
      const runner = await open();
      const names = PROJECTIONS.map(({ name: one }) => one);
      let scans = 0;
      const readModels = {
        ...runner.readModels,
        scan: async (...page: Parameters<typeof runner.readModels.scan>) => {
          // Views get further after the shadow stands still, before they are looked at.
          scans += 1;
          if (scans <= 30) await projector.waitFor(await runner.happen(runs(10 + scans)), names, PATIENT);
          return runner.readModels.scan(...page);
        },
      };
      const projector = runner.start({ projections: PROJECTIONS, readModels, batch: 7 });
      await projector.waitFor(await runner.happen(runs(10)), names, PATIENT);
      const answers = await projector.rebuildAll();
      for (const { rebuilt } of answers)
        expect(rebuilt).toMatchObject({ comparison: { differing: 0, live: rebuilt?.digest ?? {} } });
      await projector.waitFor(await runner.log.end(), names, PATIENT);
      expect(await liveDocuments(runner.readModels)).toEqual(documentsOf(runs(10 + Math.min(scans, 30))));
    });

    it('never lets reads fail, go back or be of half a view', async () => {
      const { runner, projector, history } = await begun(200);
      const collections = liveCollections(runner.readModels, projector);
      const over = new AbortController();
      let reads = 0;
      const read = async (): Promise<void> => {
        let least = 200;
        while (!over.signal.aborted) {
          const found = await runner.readModels.find(await collections.of('tally'), { limit: 9 });
          const doc = found[0]?.doc as unknown as TallyDocument | undefined;
          expect(doc?.completed).toBeGreaterThanOrEqual(least);
          expect(doc?.seen.length).toBe((doc?.started ?? 0) + (doc?.completed ?? 0));
          least = doc?.completed ?? 0;
          reads += 1;
          await turn();
        }
      };
      const reading = Promise.all([read(), read()]);
      let all = history;
      for (const generation of [2, 3, 4]) {
        const rebuilt = projector.rebuild('tally');
        all = [...all, ...runs(10, 1_000 * generation)];
        await runner.happen(all);
        expect(await rebuilt).toMatchObject({ generation, comparison: { differing: 0 } });
      }
      expect(await projector.rollback('tally')).toMatchObject({ generation: 5 });
      over.abort();
      await reading;
      expect(reads).toBeGreaterThan(3);
      collections.close();
    });

    it('goes on from where it was when its process ends in the middle', async () => {
      const { runner, projector, end } = await begun(50);
      await projector.stop();
      let writes = 0;
      const readModels = watched(runner.readModels, (method, about) => {
        if (method === 'write' && about === 'tally_2') writes += 1;
        if (writes > 6) throw new Error('It is gone.');
      });
      const dying = runner.start({ projections: BOTH, readModels, batch: 10 });
      await expect(dying.rebuild('tally')).rejects.toThrow('It is gone.');
      await dying.stop().catch(() => undefined);
      const asked: bigint[] = [];
      const log: typeof runner.log = {
        ...runner.log,
        subscribe: (options) => {
          asked.push(options.after);
          return runner.log.subscribe(options);
        },
      };
      const next = runner.start({ projections: BOTH, log });
      await settled(
        next,
        ({ name: one, generation, state }) => one !== 'tally' || (generation === 2 && state === 'running'),
      );
      // One pass of the live views, from their end, and one from the checkpoint of the rebuild.
      expect(asked.every((after) => after >= 60n)).toBe(true);
      expect(asked.some((after) => after < end)).toBe(true);
      expect(await documentsIn(runner.readModels, 'tally_2')).toEqual({ ship_order: tallyOf(50) });
    });

    it('stands still when it is told to, also beyond a restart, goes on, and ends', async () => {
      const { runner, projector } = await begun(50);
      await projector.stop();
      let pausing: Promise<void> | undefined;
      const readModels = watched(runner.readModels, (method, about) => {
        if (method === 'write' && about === 'tally_2') pausing ??= first.control('tally', 'pause');
      });
      const first = runner.start({ projections: BOTH, readModels, batch: 10 });
      const rebuilt = first.rebuild('tally').catch((error: unknown) => error);
      await expect.poll(() => pausing !== undefined).toBe(true);
      await pausing;
      expect((await first.status())[0]).toMatchObject({
        state: 'rebuilding',
        rebuild: { paused: true, eta: null },
      });
      await first.stop();
      expect(await rebuilt).toMatchObject({ code: 'UNAVAILABLE' });
      const next = runner.start({ projections: BOTH });
      await settled(next, ({ name: one, state }) => state === (one === 'tally' ? 'rebuilding' : 'running'));
      await next.control('tally', 'pause');
      const [status] = await next.status();
      expect(status).toMatchObject({ generation: 1, rebuild: { paused: true, generation: 2 } });
      expect(status?.rebuild?.position).toBeGreaterThan(0n);
      await next.control('tally', 'resume');
      await settled(next, ({ state }) => state === 'running');
      expect(await documentsIn(runner.readModels, 'tally_2')).toEqual({ ship_order: tallyOf(50) });
      expect(await runner.record('tally')).toMatchObject({ generation: 2 });
      await expect(next.control('tally', 'pause')).rejects.toMatchObject({ code: 'REBUILD_NOT_RUNNING' });
    });

    it('brings back what was live before, folded on; and what was live then, too', async () => {
      const { runner, projector, history } = await begun(5);
      await expect(projector.rollback('tally')).rejects.toMatchObject({ code: 'NOTHING_KEPT' });
      const [doc] = await runner.readModels.find('tally_1', { limit: 1 });
      const position = doc?.position ?? 0n;
      await corrupt(runner, 'tally_1', {
        key: 'ship_order',
        doc: { ...doc?.doc, mark: 1 },
        position,
        expected: position,
      });
      await projector.rebuild('tally');
      // Neither a dry run nor a restart takes away what is kept.
      await projector.rebuild('tally', { dryRun: true });
      await projector.stop();
      const next = runner.start({ projections: BOTH });
      const end = await runner.happen([...history, ...runs(3, 5)]);
      await next.waitFor(end, NAMES, PATIENT);
      expect(await next.rollback('tally')).toMatchObject({
        kind: 'rollback',
        generation: 4,
        position: end,
        events: 6,
      });
      expect(await documentsIn(runner.readModels, 'tally_4')).toEqual({
        ship_order: { ...tallyOf(8), mark: 1 },
      });
      expect(await next.rollback('tally')).toMatchObject({ generation: 5, events: 0 });
      await next.waitFor(await runner.happen([...history, ...runs(4, 5)]), NAMES, PATIENT);
      expect((await liveDocuments(runner.readModels))['tally']).toEqual({ ship_order: tallyOf(9) });
      await next.rebuild('tally');
      expect(await isThere(runner, 'tally_4')).toBe(false);
    });
  });
};
