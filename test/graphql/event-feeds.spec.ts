import { describe, expect, it } from 'vitest';
import { EventFeeds } from '../../src/graphql/feed/event-feeds.ts';
import type { FeedFilter } from '../../src/graphql/feed/filter.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { LogCorrupt, LogUnavailable, START, type EventLog } from '../../src/ports/event-log.ts';
import { event } from '../conformance/event-log-samples.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { watchedLog, type WatchedLog } from './watched-log.ts';
import { allOf, asAppended, positionsOf, take, writerTo, type Writer } from './writer.ts';

const opened = async (): Promise<{ log: WatchedLog; feeds: EventFeeds; writer: Writer }> => {
  const log = watchedLog(await temporaryLog());
  return { log, feeds: new EventFeeds(log), writer: writerTo(log) };
};

const DONE = { done: true, value: undefined };

describe('the feed of all events', () => {
  it('goes from history to what is appended meanwhile, with no gap, in order', async () => {
    const { log, feeds, writer } = await opened();
    for (let stream = 0; stream < 40; stream += 1) await writer.append(`execution-${stream}`, 50);
    const source = await feeds.of({}, START);
    const appending = Array.from({ length: 2_000 }, (_, index) =>
      writer.append(`execution-${index % 40}`, (index % 3) + 1),
    );
    const taken = await take(source, 2_000 + 3_999);
    await Promise.all(appending);
    expect(asAppended(taken)).toEqual(await allOf(log));
    await source.return();
  });

  it('begins when it is asked for, not when it is first pulled', async () => {
    const { feeds, writer } = await opened();
    await writer.append('execution-a', 3);
    const source = await feeds.of({}, undefined);
    await writer.append('execution-a', 2);
    expect(positionsOf(await take(source, 2))).toEqual([4n, 5n]);
    await source.return();
  });

  it('refuses a position that the log has not reached', async () => {
    const { feeds, writer } = await opened();
    await writer.append('execution-a', 3);
    await expect(feeds.of({}, 4n)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'Expected a position that the log has reached (3), but found 4.',
      details: { field: 'after', found: '4', expected: 'at most 3' },
    });
    await (await feeds.of({}, 3n)).return();
  });

  it('ends when the log is closed', async () => {
    const { log, feeds, writer } = await opened();
    await writer.append('execution-a', 1);
    const source = await feeds.of({}, START);
    await source.next();
    const next = source.next();
    await expect.poll(() => feeds.following).toBe(1);
    await log.close();
    expect(await next).toEqual(DONE);
    expect(feeds.following).toBe(0);
  });

  it('fails when the log turns out to be corrupt, behind what it had', async () => {
    const log = await temporaryLog();
    const writer = writerTo(log);
    const corrupt: EventLog = {
      ...log,
      subscribe: async function* (options) {
        for await (const batch of log.subscribe(options)) {
          yield batch;
          if (batch.position > 1n) throw new LogCorrupt('a commit has no hash');
        }
      },
    };
    const feeds = new EventFeeds(corrupt);
    const source = await feeds.of({}, START);
    const first = source.next();
    await writer.append('execution-a', 1);
    await first;
    await writer.append('execution-a', 1);
    expect((await source.next()).value).toMatchObject({ position: 2n });
    await expect(source.next()).rejects.toThrow(LogCorrupt);
    expect(feeds.following).toBe(0);
  });

  it('fails while the log does not answer, and is there again when the log is', async () => {
    const log = await temporaryLog();
    const writer = writerTo(log);
    const outages = [new LogUnavailable('away')];
    const feeds = new EventFeeds({
      ...log,
      end: () => (outages.length > 1 ? Promise.reject(outages.pop()) : log.end()),
    });
    const source = await feeds.of({}, START);
    outages.push(new LogUnavailable('still away'));
    await expect(source.next()).rejects.toThrow('still away');
    expect(feeds.following).toBe(0);
    await writer.append('execution-a', 1);
    const again = await feeds.of({}, START);
    expect(await take(again, 1)).toHaveLength(1);
    await again.return();
  });
});

describe('a filtered feed', () => {
  it.each<[string, FeedFilter, (event: RecordedEvent) => boolean]>([
    ['types', { types: ['step.failed'] }, ({ type }) => type === 'step.failed'],
    ['categories', { categories: ['workflow'] }, ({ stream }) => stream.startsWith('workflow-')],
    ['a stream', { stream: 'execution-1' }, ({ stream }) => stream === 'execution-1'],
    ['a workflow', { workflow: 'other' }, ({ facts }) => facts['workflow'] === 'other'],
    [
      'all at once',
      { types: ['step.failed'], categories: ['execution'], stream: 'execution-2', workflow: 'other' },
      ({ type, stream, facts }) =>
        type === 'step.failed' && stream === 'execution-2' && facts['workflow'] === 'other',
    ],
  ])('of %s has what it wants of history and of what comes, and nothing else', async (_, filter, wants) => {
    const { log, feeds, writer } = await opened();
    const streams = ['execution-1', 'execution-2', 'workflow-1', 'event-1'];
    const round = async (): Promise<void> => {
      for (const stream of streams) {
        for (const type of ['step.failed', 'step.completed']) {
          for (const workflow of ['tickets', 'other']) {
            const one = event(type);
            await writer.append(stream, [{ ...one, facts: { ...one.facts, workflow } }]);
          }
        }
      }
    };
    for (let time = 0; time < 3; time += 1) await round();
    const source = await feeds.of(filter, START);
    const wanted = (await allOf(log)).filter(wants);
    expect(wanted.length).toBeGreaterThan(2);
    expect(await take(source, wanted.length)).toEqual(wanted);
    const next = source.next();
    await expect.poll(() => feeds.following).toBe(1);
    const before = await log.end();
    for (let time = 0; time < 3; time += 1) await round();
    const live = (await allOf(log)).filter((found) => found.position > before && wants(found));
    expect([(await next).value, ...(await take(source, live.length - 1))]).toEqual(live);
    await source.return();
  });

  it('has the log pass over what it does not want', async () => {
    const { log, feeds, writer } = await opened();
    await writer.append('execution-1', 10);
    const source = await feeds.of({ stream: 'execution-1', types: ['step.completed'] }, START);
    await take(source, 10);
    expect(log.subscriptions).toContainEqual({
      stream: 'execution-1',
      types: ['step.completed'],
    });
    await source.return();
  });
});

describe("the feed of an execution's events", () => {
  it.each(['execution.completed', 'execution.failed', 'execution.cancelled', 'saga.compensated'])(
    'ends behind %s',
    async (last) => {
      const { log, feeds, writer } = await opened();
      await writer.append('execution-a', [event('execution.started'), event('step.started')]);
      const source = await feeds.ofExecution('a');
      await take(source, 2);
      const next = source.next();
      await expect.poll(() => feeds.following).toBe(1);
      await writer.append('execution-b', 4);
      await writer.append('execution-a', [event('step.completed'), event(last)]);
      expect((await next).value).toMatchObject({ type: 'step.completed', stream: 'execution-a' });
      expect((await source.next()).value).toMatchObject({ type: last });
      expect(await source.next()).toEqual(DONE);
      await expect.poll(() => [feeds.following, log.open]).toEqual([0, 0]);
    },
  );

  it('ends at once for who resumes behind the last event', async () => {
    const { feeds, writer } = await opened();
    await writer.append('execution-a', [event('execution.started'), event('execution.completed')]);
    await writer.append('execution-b', 1);
    const events = await feeds.ofExecution('a', 1n);
    expect(positionsOf(await take(events, 9))).toEqual([2n]);
    expect(await (await feeds.ofExecution('a', 2n)).next()).toEqual(DONE);
    expect(await (await feeds.ofExecution('a', 3n)).next()).toEqual(DONE);
  });

  it('passes over a failure behind which it was retried', async () => {
    const { feeds, writer } = await opened();
    await writer.append('execution-a', [event('execution.started'), event('execution.failed')]);
    await writer.append('execution-a', [event('execution.retried'), event('execution.completed')]);
    expect(positionsOf(await take(await feeds.ofExecution('a'), 9))).toEqual([1n, 2n, 3n, 4n]);
    await writer.append('execution-b', [event('execution.started'), event('execution.failed')]);
    await writer.append('execution-b', [event('execution.retried')]);
    const source = await feeds.ofExecution('b');
    expect(positionsOf(await take(source, 3))).toEqual([5n, 6n, 7n]);
    await source.return();
  });

  it.each([
    ['variables that were set', { ...event('variables.set'), facts: { step: '' } }],
    ['another version that was given', event('execution.migrated')],
  ])('ends behind %s of one that has failed', async (_what, mended) => {
    const { feeds, writer } = await opened();
    await writer.append('execution-a', [event('execution.started'), event('execution.failed'), mended]);
    expect(positionsOf(await take(await feeds.ofExecution('a'), 9))).toEqual([1n, 2n, 3n]);
    expect(await (await feeds.ofExecution('a', 3n)).next()).toEqual(DONE);
  });

  it('goes on behind variables that are set, or another version that is given, while it runs', async () => {
    const { feeds, writer } = await opened();
    await writer.append('execution-a', [event('execution.started')]);
    const source = await feeds.ofExecution('a');
    const set = { ...event('variables.set'), facts: { step: '' } };
    await writer.append('execution-a', [set, event('execution.migrated'), event('execution.completed')]);
    expect(positionsOf(await take(source, 9))).toEqual([1n, 2n, 3n, 4n]);
  });

  it('is refused for what is no execution', async () => {
    const { feeds } = await opened();
    await expect(feeds.ofExecution('nobody')).rejects.toMatchObject({
      code: 'EXECUTION_NOT_FOUND',
      details: { field: 'id', found: 'nobody' },
    });
  });

  it('is refused behind a position that the log has not reached', async () => {
    const { feeds, writer } = await opened();
    await writer.append('execution-a', 1);
    await expect(feeds.ofExecution('a', 2n)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
