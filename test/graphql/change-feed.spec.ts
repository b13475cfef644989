import { describe, expect, it } from 'vitest';
import { Rejection } from '../../src/domain/rejection.ts';
import { EventFeeds } from '../../src/graphql/feed/event-feeds.ts';
import { changeFeed, type Change } from '../../src/graphql/feed/change-feed.ts';
import type { Source } from '../../src/graphql/feed/source.ts';
import { START } from '../../src/ports/event-log.ts';
import { executions } from '../../src/projections/executions.projection.ts';
import { completed, started } from '../projections/samples.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { take, writerTo, type Writer } from './writer.ts';

interface World {
  readonly writer: Writer;
  readonly feeds: EventFeeds;
  /** What was asked of the view so far. */
  readonly asked: { readonly keys: readonly string[]; readonly position: bigint }[];
  /** Executions as they change behind a position, those that the view has: each as its id and where it was read. */
  open(after: bigint, refuse?: (count: number) => Error | undefined): Promise<Source<Change<string>>>;
}

const opened = async (): Promise<World> => {
  const log = await temporaryLog();
  const feeds = new EventFeeds(log);
  const asked: World['asked'] = [];
  return {
    writer: writerTo(log),
    feeds,
    asked,
    open: async (after, refuse = () => undefined) =>
      changeFeed({
        events: await feeds.of({ categories: ['execution'] }, after),
        view: executions,
        load: (keys, position) => {
          asked.push({ keys, position });
          const error = refuse(asked.length);
          if (error !== undefined) return Promise.reject(error);
          const wanted = keys.filter((key) => key !== 'unwanted');
          return Promise.resolve(new Map(wanted.map((key) => [key, `${key} at ${position}`])));
        },
      }),
  };
};

const seenIn = (changes: readonly Change<string>[]) => changes.map(({ cursor, value }) => [cursor, value]);

const slow = new Rejection('WAIT_TIMEOUT', 'Expected the view to be up by now, but it is not.');

describe('the feed of changes', () => {
  it('tells each document once for events that come together, at the latest of them', async () => {
    const { writer, open, asked } = await opened();
    await writer.append('execution-a', [started()]);
    await writer.append('execution-b', [started()]);
    await writer.append('execution-unwanted', [started()]);
    await writer.append('execution-a', [completed(1, 1)]);
    const source = await open(START);
    expect(seenIn(await take(source, 2))).toEqual([
      [2n, 'b at 4'],
      [4n, 'a at 4'],
    ]);
    expect(asked).toEqual([{ keys: ['b', 'unwanted', 'a'], position: 4n }]);
    await source.return();
  });

  it('tells whoever drops and comes back all that they have not seen', async () => {
    const { writer, open } = await opened();
    for (const id of ['a', 'b', 'c', 'a', 'd', 'b'])
      await writer.append(`execution-${id}`, [id === 'a' ? completed(1, 1) : started()]);
    const all = await open(START);
    const seen = seenIn(await take(all, 4));
    expect(seen.map(([cursor]) => cursor)).toEqual([3n, 4n, 5n, 6n]);
    for (const [at, [cursor]] of seen.slice(0, -1).entries()) {
      const rest = await open(cursor as bigint);
      expect(seenIn(await take(rest, 3 - at))).toEqual(seen.slice(at + 1));
      await rest.return();
    }
    await all.return();
  });

  it('goes on with what happens meanwhile, and asks for nothing that changes no document', async () => {
    const { writer, open, asked } = await opened();
    await writer.append('execution-a', [started()]);
    const source = await open(START);
    await source.next();
    const next = source.next();
    await writer.append('workflow-tickets', 1);
    await writer.append('execution-b', [started()]);
    expect((await next).value).toEqual({ cursor: 3n, value: 'b at 3' });
    expect(asked).toHaveLength(2);
    await source.return();
  });

  it('waits for a view that is slow, and fails with one that has stopped', async () => {
    const { writer, open, asked, feeds } = await opened();
    await writer.append('execution-a', [started()]);
    const patient = await open(START, (count) => (count < 3 ? slow : undefined));
    expect((await patient.next()).value).toEqual({ cursor: 1n, value: 'a at 1' });
    expect(asked).toHaveLength(3);
    await patient.return();
    const failing = await open(START, () => new Rejection('UNAVAILABLE', 'It has stopped.'));
    await expect(failing.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect.poll(() => feeds.following).toBe(0);
  });

  it('lets go of the log when it is left, also while nothing comes', async () => {
    const { open, feeds } = await opened();
    const source = await open(START);
    const pending = source.next();
    await expect.poll(() => feeds.following).toBe(1);
    await source.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(feeds.following).toBe(0);
  });
});
