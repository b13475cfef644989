import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headAfter, NO_STREAM, type SealedCommit } from '../../src/domain/chain.ts';
import { WrongExpectedRevision, type EventLog } from '../../src/ports/event-log.ts';
import { commitOf, fill, freshStream, revisions, type Open, type OpenLog } from './event-log-samples.ts';

/** Appending, and the places at which it succeeds. */
export const appendConformance = (open: Open): void => {
  let opened: OpenLog;
  let log: EventLog;
  let stream: string;

  beforeEach(async () => {
    opened = await open();
    log = opened.log;
    stream = freshStream();
  });
  afterEach(() => opened.close());

  const refusal = async (commit: SealedCommit): Promise<WrongExpectedRevision> => {
    const error = await log.append(commit).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(WrongExpectedRevision);
    return error as WrongExpectedRevision;
  };

  describe('a stream without events', () => {
    it('has no head', async () => {
      expect(await log.head(stream)).toBeUndefined();
    });

    it('reads as empty', async () => {
      expect(await log.read(stream)).toEqual([]);
    });

    it('takes a commit at revision 0', async () => {
      const commit = commitOf(stream, NO_STREAM, 3);
      const { position } = await log.append(commit);
      const events = await log.read(stream);
      expect(revisions(events)).toEqual([0, 1, 2]);
      expect(events.at(-1)?.position).toBe(position);
      expect(await log.head(stream)).toEqual(headAfter(commit));
    });

    it('refuses a commit behind a revision', async () => {
      const error = await refusal(commitOf(stream, { revision: 0, hash: 'x' }));
      expect(error).toMatchObject({ code: 'WRONG_EXPECTED_REVISION', stream, expected: 0, actual: -1 });
      expect(error.message).toBe(`Expected ${stream} to end at revision 0, but it ends at -1.`);
      expect(await log.head(stream)).toBeUndefined();
    });
  });

  describe('a stream with events', () => {
    it('takes a commit just behind its end', async () => {
      const [first] = await fill(log, stream, 2);
      const second = commitOf(stream, headAfter(first!), 2);
      const before = await log.end();
      const { position } = await log.append(second);
      expect(position).toBeGreaterThan(before);
      expect(await log.end()).toBe(position);
      expect(await log.head(stream)).toEqual({ revision: 3, hash: second.hash });
      expect(revisions(await log.read(stream))).toEqual([0, 1, 2, 3]);
    });

    it.each([
      { place: 'at its start', revision: -1 },
      { place: 'inside a commit', revision: 0 },
      { place: 'at an earlier commit', revision: 1 },
      { place: 'behind a gap', revision: 5 },
    ])('refuses another commit $place', async ({ revision }) => {
      const [, last] = await fill(log, stream, 2, 3);
      const error = await refusal(commitOf(stream, { revision, hash: 'x' }, 2));
      expect(error).toMatchObject({ stream, expected: revision, actual: 4 });
      expect(await log.head(stream)).toEqual(headAfter(last!));
      expect(revisions(await log.read(stream))).toEqual([0, 1, 2, 3, 4]);
    });

    it('answers the same commit at the same place with its position, and adds nothing', async () => {
      const first = commitOf(stream, NO_STREAM, 2);
      const second = commitOf(stream, headAfter(first), 2);
      const answers = [await log.append(first), await log.append(second)];
      const end = await log.end();
      expect(await log.append(second)).toEqual(answers[1]);
      expect(await log.append(first)).toEqual(answers[0]);
      expect(await log.end()).toBe(end);
      expect(revisions(await log.read(stream))).toEqual([0, 1, 2, 3]);
    });

    it('refuses a commit that only begins like the one at its place', async () => {
      const longer = commitOf(stream, NO_STREAM, 3);
      const shorter: SealedCommit = { ...longer, events: longer.events.slice(0, 2), hash: 'another' };
      await log.append(longer);
      expect(await refusal(shorter)).toMatchObject({ expected: -1, actual: 2 });
    });
  });

  describe('appends at the same time', () => {
    it('lets exactly one of many win a place', async () => {
      const commits = Array.from({ length: 20 }, () => commitOf(stream, NO_STREAM, 2));
      const settled = await Promise.allSettled(commits.map((commit) => log.append(commit)));
      const won = commits.filter((_, index) => settled[index]?.status === 'fulfilled');
      expect(won).toHaveLength(1);
      for (const result of settled) {
        if (result.status === 'fulfilled') continue;
        expect(result.reason).toBeInstanceOf(WrongExpectedRevision);
        expect(result.reason).toMatchObject({ stream, expected: -1, actual: 1 });
      }
      expect(await log.head(stream)).toEqual(headAfter(won[0]!));
    });

    it('answers the same commit alike, however often', async () => {
      const commit = commitOf(stream, NO_STREAM, 2);
      const answers = await Promise.all(Array.from({ length: 8 }, () => log.append(commit)));
      expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
      expect(revisions(await log.read(stream))).toEqual([0, 1]);
    });

    it('keeps the order of one stream', async () => {
      const commits: SealedCommit[] = [];
      let head = NO_STREAM;
      for (let index = 0; index < 100; index += 1) {
        const commit = commitOf(stream, head, 1 + (index % 3));
        commits.push(commit);
        head = headAfter(commit);
      }
      const answers = await Promise.all(commits.map((commit) => log.append(commit)));
      const positions = answers.map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(await log.head(stream)).toEqual(head);
    });

    it('does not fail the others for one that conflicts', async () => {
      await fill(log, stream, 1);
      const others = Array.from({ length: 30 }, () => freshStream());
      const settled = await Promise.allSettled([
        ...others.slice(0, 15).map((other) => log.append(commitOf(other, NO_STREAM))),
        log.append(commitOf(stream, NO_STREAM)),
        ...others.slice(15).map((other) => log.append(commitOf(other, NO_STREAM))),
      ]);
      expect(settled.map(({ status }) => status)).toEqual([
        ...Array.from({ length: 15 }, () => 'fulfilled'),
        'rejected',
        ...Array.from({ length: 15 }, () => 'fulfilled'),
      ]);
      for (const other of others) expect(revisions(await log.read(other))).toEqual([0]);
    });
  });

  it('answers a ping', async () => {
    await expect(log.ping()).resolves.toBeUndefined();
  });

  it('still holds what it acknowledged when it is opened again', async () => {
    const commits = await fill(log, stream, 2, 1);
    const before = await log.read(stream);
    const end = await log.end();
    log = (await opened.reopen?.()) ?? log;
    expect(await log.read(stream)).toEqual(before);
    expect(await log.end()).toBe(end);
    const next = commitOf(stream, headAfter(commits[1]!));
    expect((await log.append(next)).position).toBeGreaterThan(end);
  });
};
