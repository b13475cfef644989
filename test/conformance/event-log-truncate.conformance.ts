import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headAfter, NO_STREAM } from '../../src/domain/chain.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { START, WrongExpectedRevision, type EventLog } from '../../src/ports/event-log.ts';
import { readStream } from '../../src/ports/read-stream.ts';
import {
  commitOf,
  eventsOf,
  fill,
  freshStream,
  revisions,
  upToNow,
  type Open,
  type OpenLog,
} from './event-log-samples.ts';

/** Giving up what a stream begins with. */
export const truncateConformance = (open: Open): void => {
  let opened: OpenLog;
  let log: EventLog;
  let stream: string;

  beforeEach(async () => {
    opened = await open();
    log = opened.log;
    stream = freshStream();
  });
  afterEach(() => opened.close());

  describe('a stream that was truncated', () => {
    it('begins where it was truncated, from wherever it is read', async () => {
      await fill(log, stream, 2, 3, 1, 2);
      await log.truncate(stream, 5);
      expect(revisions(await log.read(stream))).toEqual([5, 6, 7]);
      expect(revisions(await log.read(stream, { from: 1, limit: 2 }))).toEqual([5, 6]);
      expect(revisions(await log.read(stream, { from: 3, limit: 1 }))).toEqual([5]);
      expect(revisions(await log.read(stream, { from: 6 }))).toEqual([6, 7]);
      expect(await log.read(stream, { from: 8 })).toEqual([]);
    });

    it('keeps what is left of it as it was, behind the hash of what is gone', async () => {
      const commits = await fill(log, stream, 3, 2, 2);
      const before = await log.read(stream, { from: 3 });
      await log.truncate(stream, 3);
      expect(await log.read(stream)).toEqual(before);
      expect(verifyChain(stream, await log.read(stream), headAfter(commits[0]!))).toEqual({
        ok: true,
        head: headAfter(commits[2]!),
      });
    });

    it('ends where it ended, and takes what comes behind that', async () => {
      const commits = await fill(log, stream, 3, 1);
      await log.truncate(stream, 3);
      const head = headAfter(commits[1]!);
      expect(await log.head(stream)).toEqual(head);
      await expect(log.append(commitOf(stream, NO_STREAM, 1))).rejects.toBeInstanceOf(WrongExpectedRevision);
      const end = await log.end();
      expect((await log.append(commitOf(stream, head, 2))).position).toBeGreaterThan(end);
      expect(revisions(await log.read(stream))).toEqual([3, 4, 5]);
    });

    it('answers an append of what it still has as it did', async () => {
      const [, second] = await fill(log, stream, 2, 1, 1);
      const [event] = await log.read(stream, { from: 2, limit: 1 });
      await log.truncate(stream, 2);
      expect(await log.append(second!)).toEqual({ position: event!.position });
    });

    it('can be truncated again, and goes back to nothing', async () => {
      await fill(log, stream, 2, 2, 2);
      await log.truncate(stream, 2);
      await log.truncate(stream, 4);
      await log.truncate(stream, 2);
      await log.truncate(stream, 4);
      expect(revisions(await log.read(stream))).toEqual([4, 5]);
    });

    it('of many events begins where it was truncated, by pages', async () => {
      await fill(log, stream, 1_500, 1_500, 1_200, 1);
      await log.truncate(stream, 3_000);
      const left: number[] = [];
      for await (const page of readStream(log, stream)) left.push(...revisions(page));
      expect(left).toEqual(Array.from({ length: 1_201 }, (_, index) => 3_000 + index));
      await log.truncate(stream, 4_200);
      expect(revisions(await log.read(stream))).toEqual([4_200]);
    });
  });

  it('leaves other streams, and where events stand, as they were', async () => {
    const others = [freshStream(), freshStream()];
    await fill(log, others[0]!, 2, 1);
    const from = await log.end();
    await fill(log, stream, 2, 2, 1);
    await fill(log, others[1]!, 1, 2);
    const all = eventsOf(await upToNow(log, START));
    await log.truncate(stream, 4);
    const found = eventsOf(await upToNow(log, START));
    const isGone = (event: { stream: string; revision: number }): boolean =>
      event.stream === stream && event.revision < 4;
    expect(found.filter((event) => !isGone(event))).toEqual(all.filter((event) => !isGone(event)));
    expect(eventsOf(await upToNow(log, from, {}, 1)).filter((event) => !isGone(event))).toEqual(
      all.filter((event) => event.position > from && !isGone(event)),
    );
    expect(revisions(eventsOf(await upToNow(log, START, { stream })).filter((one) => !isGone(one)))).toEqual([
      4,
    ]);
  });

  it('is as it was truncated when it is opened again', async () => {
    const commits = await fill(log, stream, 2, 2, 1);
    await log.truncate(stream, 4);
    const reopened = (await opened.reopen?.()) ?? log;
    expect(revisions(await reopened.read(stream))).toEqual([4]);
    expect(await reopened.head(stream)).toEqual(headAfter(commits[2]!));
  });
};
