import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headAfter, NO_STREAM } from '../../src/domain/chain.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { mayTellOf } from '../../src/domain/shard.ts';
import { START, type EventLog, type LogBatch, type SubscribeOptions } from '../../src/ports/event-log.ts';
import {
  commitOf,
  event,
  eventsOf,
  fill,
  freshStream,
  revisions,
  upToNow,
  type Open,
  type OpenLog,
} from './event-log-samples.ts';

const placeOf = ({ stream, revision }: RecordedEvent): string => `${stream}@${revision}`;

/** Following the log: order, completeness, filters, waking and ending. */
export const subscribeConformance = (open: Open): void => {
  let opened: OpenLog;
  let log: EventLog;
  let stream: string;
  let before: bigint;
  let ending: AbortController;

  beforeEach(async () => {
    opened = await open();
    log = opened.log;
    stream = freshStream();
    before = await log.end();
    ending = new AbortController();
  });
  afterEach(async () => {
    ending.abort();
    await opened.close();
  });

  const start = (options: Partial<SubscribeOptions> = {}): AsyncIterator<LogBatch> =>
    log.subscribe({ after: before, signal: ending.signal, ...options })[Symbol.asyncIterator]();

  /** Takes batches until as many events came. */
  const take = async (batches: AsyncIterator<LogBatch>, count: number): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    while (events.length < count) {
      const { value, done } = await batches.next();
      if (done === true) break;
      events.push(...value.events);
    }
    return events;
  };

  /** Takes batches until one is caught up. */
  const catchUp = async (batches: AsyncIterator<LogBatch>): Promise<void> => {
    for (;;) {
      const { value, done } = await batches.next();
      if (done === true || value.caughtUp) return;
    }
  };

  describe('what is there already', () => {
    it('comes in the order of positions, from the start', async () => {
      await fill(log, stream, 2, 1);
      await fill(log, freshStream(), 3);
      const events = eventsOf(await upToNow(log, START));
      const positions = events.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => (a < b ? -1 : 1)));
      expect(positions.at(-1)).toBe(await log.end());
      expect(positions[0]).toBeGreaterThan(START);
      expect(revisions(events.filter((found) => found.stream === stream))).toEqual([0, 1, 2]);
    });

    it('comes strictly after any position, also inside a commit', async () => {
      await fill(log, stream, 3, 2);
      await fill(log, freshStream(), 2);
      const all = eventsOf(await upToNow(log, before));
      expect(all).toHaveLength(7);
      for (const [index, { position }] of all.entries()) {
        expect(eventsOf(await upToNow(log, position))).toEqual(all.slice(index + 1));
      }
    });

    it.each([1, 2, 3, 100])('comes whole in batches of at most %i', async (batch) => {
      await fill(log, stream, 3, 1, 4);
      const batches = await upToNow(log, before, {}, batch);
      for (const { events, position } of batches) {
        expect(events.length).toBeLessThanOrEqual(batch);
        expect(events.at(-1)?.position ?? position).toBeLessThanOrEqual(position);
      }
      expect(revisions(eventsOf(batches))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(batches.slice(0, -1).every(({ caughtUp }) => !caughtUp)).toBe(true);
      expect(batches.at(-1)?.position).toBe(await log.end());
    });

    it('can be resumed after any batch', async () => {
      await fill(log, stream, 3, 1, 4);
      const all = eventsOf(await upToNow(log, before));
      const seen: RecordedEvent[] = [];
      for (const { events, position } of await upToNow(log, before, {}, 3)) {
        seen.push(...events);
        expect([...seen, ...eventsOf(await upToNow(log, position))]).toEqual(all);
      }
    });

    it.each([1, 3, 512])(
      'comes with all but payloads for whoever wants none, %i at a time',
      async (batch) => {
        await fill(log, stream, [event('step.completed', 'done'), event('step.started')], 3, 1);
        const bare = ({ payload: _payload, ...rest }: RecordedEvent) => rest;
        for (const filter of [{}, { stream }, { types: ['step.started'] }]) {
          const whole = eventsOf(await upToNow(log, before, filter));
          const found = await take(start({ filter, batch, withoutPayloads: true }), whole.length);
          expect(whole.length).toBeGreaterThan(0);
          expect(found.map(bare)).toEqual(whole.map(bare));
        }
      },
    );

    it('says at once that nothing is there', async () => {
      const { value } = await start().next();
      expect(value).toEqual({ events: [], position: before, caughtUp: true });
    });
  });

  describe('a filter', () => {
    const others = ['workflow', 'event'].map((category) => freshStream(category));

    beforeEach(async () => {
      await fill(log, stream, [event('step.started'), event('step.completed')], [event('step.failed')]);
      for (const other of others) await fill(log, other + stream, [event('step.started')]);
      await fill(log, freshStream('executionx'), [event('step.failed')]);
      await fill(log, `${stream}0`, [event('step.failed')], 2);
    });

    it.each([
      { filter: { categories: ['execution'] as const }, count: 6 },
      { filter: { categories: ['workflow', 'event'] as const }, count: 2 },
      { filter: { categories: [] }, count: 0 },
      { filter: { types: ['step.started'] }, count: 3 },
      { filter: { types: ['step.failed', 'step.started'] }, count: 6 },
      { filter: { types: [] }, count: 0 },
      { filter: { types: ['step'] }, count: 0 },
      { filter: { categories: ['execution'] as const, types: ['step.failed'] }, count: 2 },
    ])('of $filter finds $count events', async ({ filter, count }) => {
      const all = eventsOf(await upToNow(log, before));
      const wanted = all.filter(
        (found) =>
          (filter.categories === undefined ||
            filter.categories.some((category) => found.stream.startsWith(`${category}-`))) &&
          (filter.types === undefined || filter.types.includes(found.type)),
      );
      expect(wanted).toHaveLength(count);
      for (const batch of [1, 2, 512]) {
        const batches = await upToNow(log, before, filter, batch);
        expect(eventsOf(batches)).toEqual(wanted);
      }
    });

    it('passes over what it does not want, and says how far', async () => {
      const batches = await upToNow(log, before, { categories: ['event'] });
      const last = batches.at(-1);
      expect(last?.caughtUp).toBe(true);
      expect(last?.position).toBe(await log.end());
    });

    it('of one stream finds that stream only', async () => {
      const read = await log.read(stream);
      expect(eventsOf(await upToNow(log, before, { stream }))).toEqual(read);
      expect(eventsOf(await upToNow(log, before, { stream }, 1))).toEqual(read);
      expect(eventsOf(await upToNow(log, read[0]!.position, { stream }))).toEqual(read.slice(1));
      expect(eventsOf(await upToNow(log, read[2]!.position, { stream }))).toEqual([]);
      expect(eventsOf(await upToNow(log, before, { stream, types: ['step.failed'] }))).toEqual([read[2]]);
      expect(eventsOf(await upToNow(log, before, { stream, categories: ['event'] }))).toEqual([]);
    });

    it('of a shard finds its executions, and all that is no execution', async () => {
      for (const last of ['1', 'z', 'ü', '🚚']) await fill(log, stream + last, 3);
      const all = eventsOf(await upToNow(log, before));
      for (const of of [1, 2, 3])
        for (const index of Array.from({ length: of }, (_, n) => n)) {
          const shard = { index, of };
          const wanted = all.filter((found) => mayTellOf(shard, found.stream));
          for (const batch of [1, 4, 512])
            expect(eventsOf(await upToNow(log, before, { shard }, batch))).toEqual(wanted);
          const started = wanted.filter(({ type }) => type === 'step.started');
          expect(eventsOf(await upToNow(log, before, { shard, types: ['step.started'] }))).toEqual(started);
          const own = mayTellOf(shard, stream) ? await log.read(stream) : [];
          expect(eventsOf(await upToNow(log, before, { shard, stream }))).toEqual(own);
        }
    });

    it('holds for what comes later as well', async () => {
      const byType = start({ after: await log.end(), filter: { types: ['step.queued'] } });
      const byStream = start({ after: await log.end(), filter: { stream } });
      await Promise.all([catchUp(byType), catchUp(byStream)]);
      const pending = Promise.all([take(byType, 1), take(byStream, 1)]);
      await fill(log, freshStream(), [event('step.started')], [event('step.failed'), event('step.queued')]);
      const head = (await log.head(stream))!;
      await log.append(commitOf(stream, head, [event('step.skipped')]));
      const [typed, streamed] = await pending;
      expect(typed.map(({ type }) => type)).toEqual(['step.queued']);
      expect(streamed.map(placeOf)).toEqual([`${stream}@3`]);
    });
  });

  describe('what comes later', () => {
    it('wakes a subscription that waits', async () => {
      const batches = start();
      await catchUp(batches);
      for (let index = 0; index < 5; index += 1) {
        const next = take(batches, 2);
        const other = freshStream();
        await fill(log, other, 2);
        expect((await next).map(placeOf)).toEqual([`${other}@0`, `${other}@1`]);
      }
    });

    it('follows what was there without a gap and without a repeat', async () => {
      const count = 300;
      const writing = Promise.all(
        Array.from({ length: 6 }, async () => {
          const own = freshStream();
          let head = NO_STREAM;
          for (let index = 0; index < count / 6; index += 1) {
            const commit = commitOf(own, head, 1 + (index % 2));
            await log.append(commit);
            head = headAfter(commit);
          }
        }),
      );
      const total = count * 1.5;
      const [slow, fast] = await Promise.all([
        take(start({ batch: 2 }), total),
        take(start(), total),
        writing,
      ]);
      expect(slow.map(placeOf)).toEqual(fast.map(placeOf));
      expect(new Set(fast.map(placeOf)).size).toBe(total);
      expect(eventsOf(await upToNow(log, before))).toEqual(fast);
    });

    it('is there for a subscriber as soon as its append was acknowledged', async () => {
      const commit = commitOf(stream, NO_STREAM, 2);
      const { position } = await log.append(commit);
      const events = eventsOf(await upToNow(log, before, { categories: ['execution'] }));
      expect(events.at(-1)?.position).toBe(position);
    });
  });

  describe('an end', () => {
    it('by its signal settles a next() that waits', async () => {
      const batches = start();
      await catchUp(batches);
      const pending = batches.next();
      ending.abort();
      expect(await pending).toEqual({ value: undefined, done: true });
      expect(await batches.next()).toEqual({ value: undefined, done: true });
    });

    it('by return() settles a next() that waits', async () => {
      const batches = start();
      await catchUp(batches);
      const pending = batches.next();
      expect((await batches.return?.())?.done).toBe(true);
      expect((await pending).done).toBe(true);
      expect((await batches.next()).done).toBe(true);
      expect((await batches.return?.())?.done).toBe(true);
    });

    it('by a signal that was given before it began answers nothing', async () => {
      await fill(log, stream, 1);
      ending.abort();
      expect((await start().next()).done).toBe(true);
    });

    it('by return() before it began answers nothing', async () => {
      const batches = start();
      expect((await batches.return?.())?.done).toBe(true);
      expect((await batches.next()).done).toBe(true);
    });

    it('leaves the other subscriptions alone', async () => {
      const [one, two] = [start(), start()];
      await Promise.all([catchUp(one), catchUp(two)]);
      const pending = take(two, 1);
      await one.return?.();
      await fill(log, stream, 1);
      expect((await pending).map(placeOf)).toEqual([`${stream}@0`]);
    });

    it('comes with the end of the log', async () => {
      const batches = start();
      await catchUp(batches);
      const pending = batches.next();
      await log.close();
      expect((await pending).done).toBe(true);
    });
  });
};
