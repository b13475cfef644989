import { beforeEach, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { Recorded } from '../../src/domain/registry.ts';
import { condense, expand } from '../../src/domain/truncation/condensed.ts';
import type { DocumentWrite } from '../../src/ports/read-models.ts';
import { foldBatch, openFold, type Fold } from '../../src/projections/fold.ts';
import { liftBatch } from '../../src/projections/lift-batch.ts';
import { ProjectionFailure } from '../../src/projections/projection-failure.ts';
import { happened, record } from '../spec/given.ts';
import { openRunner, watched, type Runner } from './runner.ts';
import { stepStarted } from './samples.ts';
import { runs, tally, tallyOf, type TallyOptions } from './tally.ts';

const batchOf = (events: readonly RecordedEvent[], position = events.at(-1)?.position ?? 0n) =>
  liftBatch({ events, position, caughtUp: true });

const TEN = record(runs(5));

describe('folding a batch', () => {
  let runner: Runner;
  let fold: Fold;
  const open = (options: TallyOptions = {}, position = 0n): Fold => openFold(tally(options), 1, position);
  const shown = () => runner.documents('tally_1');
  const positions = async () => {
    const found = await runner.readModels.find('tally_1', { limit: 100 });
    return Object.fromEntries(found.map(({ key, position }) => [key, position]));
  };

  beforeEach(async () => {
    runner = await openRunner();
    fold = open();
    await runner.readModels.prepare('tally_1', []);
  });

  it('stores what the events make of documents, at the position of the last', async () => {
    expect(await foldBatch(runner.readModels, fold, batchOf(TEN))).toEqual({
      position: 10n,
      changed: ['ship_order'],
      events: 10,
      failure: undefined,
    });
    expect(await shown()).toEqual({ ship_order: tallyOf(5) });
    expect(await positions()).toEqual({ ship_order: 10n });
  });

  it('takes what is there in brief for what it was, but where the documents are of one execution', async () => {
    const [first, ...others] = TEN;
    const brief = [...expand(condense(others)), { ...first!, position: 11n }];
    const batch = liftBatch({ events: brief, position: 11n, caughtUp: true, inBrief: true });
    expect(await foldBatch(runner.readModels, fold, batch)).toMatchObject({ position: 11n, events: 10 });
    const ofOne = openFold({ ...tally(), forgets: 'key' }, 2, 0n);
    await runner.readModels.prepare('tally_2', []);
    expect(await foldBatch(runner.readModels, ofOne, batch)).toMatchObject({ position: 11n, events: 1 });
  });

  it('leaves the fold for the caller to move', async () => {
    await foldBatch(runner.readModels, fold, batchOf(TEN));
    expect([fold.position, fold.events, fold.collection]).toEqual([0n, 0, 'tally_1']);
  });

  it('changes each document by its own events', async () => {
    const events = record([...runs(2), ...runs(1, 2, 'refund'), ...runs(1, 3)]);
    const { changed } = await foldBatch(runner.readModels, fold, batchOf(events));
    expect(changed).toEqual(['ship_order', 'refund']);
    expect(await positions()).toEqual({ refund: 6n, ship_order: 8n });
    expect(await shown()).toMatchObject({
      refund: { started: 1, completed: 1, seen: ['execution-e2@0', 'execution-e2@1'] },
      ship_order: { started: 3, completed: 3 },
    });
  });

  it('changes nothing when the same batch comes again', async () => {
    await foldBatch(runner.readModels, fold, batchOf(TEN));
    const again = await foldBatch(runner.readModels, open(), batchOf(TEN));
    expect(again.changed).toEqual([]);
    expect(again.position).toBe(10n);
    expect(await shown()).toEqual({ ship_order: tallyOf(5) });
  });

  it.each([1, 4, 9])('folds only what is new of a batch that overlaps by %i events', async (overlap) => {
    await foldBatch(runner.readModels, fold, batchOf(TEN.slice(0, overlap)));
    const { changed, events } = await foldBatch(runner.readModels, open(), batchOf(TEN));
    expect(changed).toEqual(['ship_order']);
    expect(events).toBe(10);
    expect(await shown()).toEqual({ ship_order: tallyOf(5) });
  });

  it('does not look at what the fold is past already', async () => {
    const later = open({ refuses: ({ position }) => position <= 4n }, 4n);
    expect(await foldBatch(runner.readModels, later, batchOf(TEN))).toMatchObject({
      events: 6,
      failure: undefined,
    });
    expect((await shown())['ship_order']?.['seen']).toEqual(tallyOf(5).seen.slice(4));
  });

  it('never goes back', async () => {
    const further = open({}, 50n);
    expect(await foldBatch(runner.readModels, further, batchOf(TEN))).toEqual({
      position: 50n,
      changed: [],
      events: 0,
      failure: undefined,
    });
    expect(await shown()).toEqual({});
  });

  it('goes to the position of a batch that has nothing of interest, and calls the store for nothing', async () => {
    const events = record([happened('execution-e1', 0, stepStarted('pay'))]);
    const mute = watched(runner.readModels, (method) => {
      throw new Error(`Expected no call, but there was ${method}.`);
    });
    expect(await foldBatch(mute, fold, batchOf(events, 99n))).toEqual({
      position: 99n,
      changed: [],
      events: 0,
      failure: undefined,
    });
  });

  it('goes on from the documents of another writer that was first', async () => {
    let raced = false;
    const contended = watched(runner.readModels, async (method) => {
      if (method !== 'write' || raced) return;
      raced = true;
      await foldBatch(runner.readModels, open(), batchOf(TEN.slice(0, 7)));
    });
    expect(await foldBatch(contended, fold, batchOf(TEN))).toMatchObject({ changed: ['ship_order'] });
    expect(await shown()).toEqual({ ship_order: tallyOf(5) });
  });

  it('takes the documents of another writer that is ahead for what they are', async () => {
    let raced = false;
    const contended = watched(runner.readModels, async (method) => {
      if (method !== 'write' || raced) return;
      raced = true;
      await foldBatch(runner.readModels, open(), batchOf(record(runs(9))));
    });
    expect(await foldBatch(contended, fold, batchOf(TEN))).toMatchObject({ changed: [], position: 10n });
    expect(await shown()).toEqual({ ship_order: tallyOf(9) });
  });

  it('writes others though one is contended', async () => {
    const events = record([...runs(1), ...runs(1, 1, 'refund')]);
    let raced = false;
    const writes: (readonly DocumentWrite[])[] = [];
    const contended = watched(runner.readModels, async (method) => {
      if (method !== 'write' || raced) return;
      raced = true;
      await foldBatch(runner.readModels, open(), batchOf(events.slice(0, 1)));
    });
    const { write } = contended;
    const noting = {
      ...contended,
      write: (collection: string, each: readonly DocumentWrite[]) => {
        writes.push(each);
        return write(collection, each);
      },
    };
    expect((await foldBatch(noting, fold, batchOf(events))).changed.toSorted()).toEqual([
      'refund',
      'ship_order',
    ]);
    expect(writes.map((each) => each.map(({ key, expected }) => [key, expected]))).toEqual([
      [
        ['ship_order', undefined],
        ['refund', undefined],
      ],
      [['ship_order', 1n]],
    ]);
    expect(await positions()).toEqual({ ship_order: 2n, refund: 4n });
  });

  describe('that the projection throws at', () => {
    const at = (position: bigint) => (event: Recorded) => event.position === position;

    it.each(['refuses', 'hasNoKeyFor'] as const)(
      'folds what is before it, and says where: %s',
      async (how) => {
        const faulty = open({ [how]: at(8n) });
        const { failure, ...folded } = await foldBatch(runner.readModels, faulty, batchOf(TEN));
        expect(folded).toEqual({ position: 7n, changed: ['ship_order'], events: 7 });
        expect(failure).toBeInstanceOf(ProjectionFailure);
        expect(failure).toMatchObject({
          code: 'PROJECTION_FAILED',
          projection: 'tally',
          position: 8n,
          stream: 'execution-e3',
          revision: 1,
          eventId: TEN[7]?.id,
          message: `Expected the projection "tally" to fold execution.completed (execution-e3@1, ${TEN[7]?.id}), but it threw: It went wrong.`,
          cause: new Error('It went wrong.'),
        });
        expect((await shown())['ship_order']?.['seen']).toEqual(tallyOf(5).seen.slice(0, 7));
      },
    );

    it('stops at the first of several, in the order of the log and not of the documents', async () => {
      const events = record([...runs(1), ...runs(1, 1, 'refund'), ...runs(1, 2)]);
      const faulty = open({ refuses: ({ position }) => position === 6n || position === 4n });
      const { failure, position } = await foldBatch(runner.readModels, faulty, batchOf(events));
      expect(failure?.position).toBe(4n);
      expect(position).toBe(3n);
      expect(await positions()).toEqual({ ship_order: 2n, refund: 3n });
    });

    it.each(['refuses', 'hasNoKeyFor'] as const)('goes past what is parked: %s', async (how) => {
      const parked = new Set(['1', '8', '10']);
      const events = TEN.map((event) => ({ ...event, id: String(event.position) }));
      const refused = ({ id }: Recorded) => parked.has(id);
      const faulty = openFold(tally({ [how]: refused }), 1, 0n, parked);
      expect(await foldBatch(runner.readModels, faulty, batchOf(events))).toMatchObject({
        position: 10n,
        failure: undefined,
      });
      const seen = tallyOf(5).seen.filter((_, n) => ![0, 7, 9].includes(n));
      expect((await shown())['ship_order']?.['seen']).toEqual(seen);
    });

    it('goes past what is parked and cannot be read by this version', async () => {
      const [first, second, ...rest] = TEN;
      const strange = { ...second!, id: 'strange', type: 'step.unheard_of' };
      const batch = batchOf([first!, strange, ...rest]);
      expect(await foldBatch(runner.readModels, fold, batch)).toMatchObject({ position: 1n });
      const going = openFold(tally(), 1, 0n, new Set([strange.id]));
      expect(await foldBatch(runner.readModels, going, batch)).toMatchObject({
        position: 10n,
        failure: undefined,
      });
    });

    it('stays where it was when it is the first', async () => {
      const faulty = open({ refuses: at(5n) }, 4n);
      const { failure, ...folded } = await foldBatch(runner.readModels, faulty, batchOf(TEN.slice(4)));
      expect(folded).toEqual({ position: 4n, changed: [], events: 0 });
      expect(failure?.position).toBe(5n);
      expect(await shown()).toEqual({});
    });

    it('goes on there once the projection was mended', async () => {
      const { position } = await foldBatch(runner.readModels, open({ refuses: at(6n) }), batchOf(TEN));
      await foldBatch(runner.readModels, open({}, position), batchOf(TEN));
      expect(await shown()).toEqual({ ship_order: tallyOf(5) });
    });
  });

  describe('that this version cannot read', () => {
    const withUnknown = TEN.map((event, n) => (n === 5 ? { ...event, type: 'step.unheard_of' } : event));

    it('folds what is before it, and says where', async () => {
      const { failure, ...folded } = await foldBatch(runner.readModels, fold, batchOf(withUnknown));
      expect(folded).toEqual({ position: 5n, changed: ['ship_order'], events: 5 });
      expect(failure).toMatchObject({
        position: 6n,
        stream: 'execution-e2',
        revision: 1,
        eventId: TEN[5]?.id,
      });
      expect(failure?.message).toContain('step.unheard_of');
    });

    it('does not mind it where it is past it already', async () => {
      const { failure, events } = await foldBatch(runner.readModels, open({}, 6n), batchOf(withUnknown));
      expect(failure).toBeUndefined();
      expect(events).toBe(4);
    });
  });
});
