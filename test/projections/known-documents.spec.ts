import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { foldBatch, openFold, type Fold } from '../../src/projections/fold.ts';
import { createKnownDocuments, knownOf } from '../../src/projections/known-documents.ts';
import { liftBatch } from '../../src/projections/lift-batch.ts';
import { happened, record } from '../spec/given.ts';
import { removed } from './retention-samples.ts';
import { openRunner, watched } from './runner.ts';
import { runs, tally, tallyOf } from './tally.ts';

const documentOf = (n: number) => ({ key: `k${n}`, doc: { n }, position: BigInt(n) });
const documents = (count: number, from = 0) => Array.from({ length: count }, (_, n) => documentOf(from + n));

describe('what is known of documents', () => {
  it('is that there are none, of a collection that is empty, until they are written', () => {
    const known = createKnownDocuments(true);
    expect(known.get('k1')).toBeNull();
    known.expect(documents(2));
    expect(known.get('k1')).toBeUndefined();
    known.keep(documents(2));
    expect(known.get('k1')).toEqual(documentOf(1));
    expect(known.get('k2')).toBeNull();
  });

  it('is nothing of a collection that may have any', () => {
    const known = createKnownDocuments(false);
    expect(known.get('k1')).toBeUndefined();
    known.keep(documents(2));
    expect(known.get('k1')).toEqual(documentOf(1));
  });

  it('is what was written last, and of older ones only that they were', () => {
    const known = createKnownDocuments(true);
    for (let from = 0; from < 20_000; from += 1_000) {
      known.expect(documents(1_000, from));
      known.keep(documents(1_000, from));
    }
    expect(known.get('k0')).toBeUndefined();
    expect(known.get('k16000')).toEqual(documentOf(16_000));
    known.keep([{ ...documentOf(16_000), position: 30_000n }]);
    expect(known.get('k16000')).toMatchObject({ position: 30_000n });
  });

  it('is not what was removed, and may be there all the same', () => {
    const known = createKnownDocuments(true);
    known.expect(documents(2));
    known.keep(documents(2));
    known.forget();
    expect(known.get('k1')).toBeUndefined();
  });
});

describe('folding with what is known', () => {
  const batchOf = (events: readonly RecordedEvent[]) =>
    liftBatch({ events, position: events.at(-1)?.position ?? 0n, caughtUp: true });
  const knowing = (fold: Fold): Fold => ({ ...fold, known: createKnownDocuments(true) });
  const EVENTS = record(runs(9));

  const opened = async () => {
    const runner = await openRunner();
    await runner.readModels.prepare('tally_1', []);
    let loads = 0;
    const readModels = watched(runner.readModels, (method) => {
      if (method === 'load') loads += 1;
    });
    return { runner, readModels, loads: () => loads };
  };

  it('asks the store for nothing', async () => {
    const { runner, readModels, loads } = await opened();
    const fold = knowing(openFold(tally(), 1, 0n));
    for (const part of [EVENTS.slice(0, 7), EVENTS.slice(7)]) {
      const { position } = await foldBatch(readModels, fold, batchOf(part));
      fold.position = position;
    }
    expect(loads()).toBe(0);
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(9) });
  });

  it('goes on from the documents of others where it was wrong', async () => {
    const { runner, readModels, loads } = await opened();
    const fold = knowing(openFold(tally(), 1, 0n));
    await foldBatch(runner.readModels, openFold(tally(), 1, 0n), batchOf(EVENTS.slice(0, 3)));
    await foldBatch(readModels, fold, batchOf(EVENTS.slice(0, 7)));
    expect(loads()).toBe(1);
    await foldBatch(runner.readModels, openFold(tally(), 1, 7n), batchOf(EVENTS.slice(7, 12)));
    await foldBatch(readModels, { ...fold, position: 7n }, batchOf(EVENTS.slice(7)));
    expect(loads()).toBe(2);
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(9) });
  });

  it('asks for none of a view whose documents are each made by one event, and takes those that are there', async () => {
    const { runner, readModels, loads } = await opened();
    const [logs = tally()] = PROJECTIONS.filter(({ name }) => name === 'logs');
    await readModels.prepare('logs_1', logs.indexes);
    const fold = { ...openFold(logs, 1, 0n), known: knownOf(logs, false) };
    await foldBatch(readModels, fold, batchOf(EVENTS.slice(0, 7)));
    expect(loads()).toBe(0);
    const { changed } = await foldBatch(readModels, fold, batchOf(EVENTS));
    expect([changed.length, loads()]).toEqual([EVENTS.length - 7, 1]);
    expect(Object.keys(await runner.documents('logs_1'))).toHaveLength(EVENTS.length);
  });

  it('knows nothing any more of documents that are removed', async () => {
    const { runner, readModels } = await opened();
    const [timeline = tally()] = PROJECTIONS.filter(({ name }) => name === 'timeline');
    await readModels.prepare('timeline_1', timeline.indexes);
    const fold = knowing(openFold(timeline, 1, 0n));
    const events = record([...runs(2), happened('execution-e0', 9, removed('ship_order'))]);
    await foldBatch(readModels, fold, batchOf(events));
    expect(fold.known?.get('e0:0')).toBeUndefined();
    expect(Object.keys(await runner.documents('timeline_1'))).toEqual(['e1:0']);
  });
});
