import { describe, expect, it } from 'vitest';
import { EventFeeds } from '../../src/graphql/feed/event-feeds.ts';
import { openFeed } from '../../src/graphql/feed/feed.ts';
import { createTail } from '../../src/graphql/feed/tail.ts';
import { START } from '../../src/ports/event-log.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { collectGarbage } from './garbage.ts';
import { watchedLog } from './watched-log.ts';
import { allOf, positionsOf, take, writerTo } from './writer.ts';

const BATCH = 512;

describe('a consumer that is slower than the log', () => {
  it('has a bounded number of events kept for it, and misses none', async () => {
    const log = watchedLog(await temporaryLog());
    const writer = writerTo(log);
    const tail = createTail(log);
    const slow = openFeed(log, tail, { after: START, filter: {}, capacity: 100 });
    const fast = openFeed(log, tail, { after: START, filter: {}, capacity: 100 });
    const first = Promise.all([slow.next(), fast.next()]);
    await writer.append('execution-0', 1);
    await first;
    let most = 0;
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 25 }, (_, at) => writer.append(`execution-${at}`, 20)));
      await take(fast, 500);
      await collectGarbage();
      most = Math.max(most, log.held);
    }
    // What is kept for it, and a batch that each of the subscriptions has in its hands.
    expect(most).toBeLessThanOrEqual(100 + 2 * BATCH);
    const missed = await take(slow, 10_000);
    expect(positionsOf(missed)).toEqual(positionsOf(await allOf(log)).slice(1));
    await Promise.all([slow.return(), fast.return()]);
    await expect.poll(() => [tail.members, log.open]).toEqual([0, 0]);
  });

  it('follows the others again once it has caught up', async () => {
    const log = watchedLog(await temporaryLog());
    const writer = writerTo(log);
    const tail = createTail(log);
    const feed = openFeed(log, tail, { after: START, filter: {}, capacity: 10 });
    for (let round = 0; round < 5; round += 1) {
      const next = feed.next();
      await expect.poll(() => [tail.members, log.open]).toEqual([1, 1]);
      await writer.append('execution-a', 1);
      await next;
      // Too many for the feed, which is no member while it is behind.
      await writer.append('execution-a', 50);
      await expect.poll(() => tail.members).toBe(0);
      await take(feed, 50);
    }
    await feed.return();
    await expect.poll(() => [tail.members, log.open]).toEqual([0, 0]);
  });
});

describe('a consumer that lags', () => {
  it('is told how far it is behind until it has caught up, while one that keeps up is told nothing', async () => {
    const log = watchedLog(await temporaryLog());
    const writer = writerTo(log);
    const tail = createTail(log);
    const slow = openFeed(log, tail, { after: START, filter: {}, capacity: 10 });
    const fast = openFeed(log, tail, { after: START, filter: {} });
    const first = Promise.all([slow.next(), fast.next()]);
    await expect.poll(() => [tail.members, log.open]).toEqual([2, 1]);
    await writer.append('execution-a', 1);
    expect((await first).map(({ value }) => value?.lagging)).toEqual([undefined, undefined]);
    const next = take(fast, 60);
    for (let at = 0; at < 60; at += 1) await writer.append('execution-a', 1);
    expect((await next).some(({ lagging }) => lagging !== undefined)).toBe(false);
    const missed = await take(slow, 60);
    expect(positionsOf(missed)).toEqual(positionsOf(await allOf(log)).slice(1));
    expect(missed.slice(0, 10).map(({ lagging }) => lagging)).toEqual(
      missed.slice(0, 10).map(({ position }) => ({ end: 61n, behind: 61 - Number(position) })),
    );
    const last = slow.next();
    await expect.poll(() => tail.members).toBe(2);
    await writer.append('execution-a', 1);
    expect((await last).value?.lagging).toBeUndefined();
    await Promise.all([slow.return(), fast.return()]);
  });
});

describe('many feeds', () => {
  it('share one subscription of the log once they have read what was there', async () => {
    const log = watchedLog(await temporaryLog());
    const writer = writerTo(log);
    const feeds = new EventFeeds(log);
    await writer.append('execution-a', 10);
    const sources = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 2 === 0 ? feeds.of({}, BigInt(index % 10)) : feeds.ofExecution('a', BigInt(index % 10)),
      ),
    );
    await Promise.all(sources.map((source, index) => take(source, 10 - (index % 10))));
    const next = sources.map((source) => source.next());
    await expect.poll(() => [feeds.following, log.open]).toEqual([60, 1]);
    await writer.append('execution-a', 1);
    expect((await Promise.all(next)).map(({ value }) => value?.position)).toEqual(sources.map(() => 11n));
    expect(log.subscriptions).toHaveLength(61);
    await Promise.all(sources.map((source) => source.return()));
    await expect.poll(() => [feeds.following, log.open]).toEqual([0, 0]);
  });

  it('need no subscription of their own for what begins now', async () => {
    const log = watchedLog(await temporaryLog());
    const writer = writerTo(log);
    const feeds = new EventFeeds(log);
    await writer.append('execution-a', 10);
    const sources = await Promise.all(Array.from({ length: 60 }, () => feeds.of({}, undefined)));
    const next = sources.map((source) => source.next());
    await expect.poll(() => [feeds.following, log.open]).toEqual([60, 1]);
    await writer.append('execution-a', 1);
    await Promise.all(next);
    expect(log.subscriptions).toHaveLength(1);
    await Promise.all(sources.map((source) => source.return()));
  });

  it('leave nothing behind, wherever they are left', async () => {
    const log = watchedLog(await temporaryLog());
    const writer = writerTo(log);
    const feeds = new EventFeeds(log);
    await writer.append('execution-a', 2_000);
    const rest = await feeds.of({}, undefined);
    const last = rest.next();
    await expect.poll(() => [feeds.following, log.open]).toEqual([1, 1]);
    const left: WeakRef<object>[] = [];
    for (let cycle = 0; cycle < 400; cycle += 1) {
      const source = cycle % 3 === 0 ? await feeds.ofExecution('a') : await feeds.of({}, START);
      const reading = [take(source, 1), take(source, 600), take(source, 2_001), Promise.resolve()][cycle % 4];
      if (cycle % 5 !== 0) await Promise.race([reading, writer.append('execution-b', 1)]);
      await source.return();
      await reading;
      left.push(new WeakRef(source));
    }
    await expect.poll(() => [feeds.following, log.open]).toEqual([1, 1]);
    await collectGarbage();
    // The last one is still in the hands of this loop.
    const held = left.slice(0, -1).filter((source) => source.deref() !== undefined);
    expect(held).toHaveLength(0);
    await rest.return();
    await last;
    await expect.poll(() => [feeds.following, log.open]).toEqual([0, 0]);
  });
});
