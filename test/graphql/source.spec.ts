import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSource, type Source } from '../../src/graphql/feed/source.ts';

const DONE = { done: true, value: undefined };

/** A source that has nothing until it is closed. */
const silent = (): { source: Source<number>; closings: () => number } => {
  let closings = 0;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const source = createSource<number>(
    () => promise,
    () => {
      closings += 1;
      resolve(undefined);
      return Promise.resolve();
    },
  );
  return { source, closings: () => closings };
};

const counting = (): Source<number> => {
  let number = 0;
  return createSource(
    () => Promise.resolve((number += 1)),
    () => Promise.resolve(),
  );
};

describe('a source', () => {
  it('ends a pending pull when it is left', async () => {
    const { source } = silent();
    const next = source.next();
    await turn();
    expect(await source.return()).toEqual(DONE);
    expect(await next).toEqual(DONE);
  });

  it('is closed once, however often it is left', async () => {
    const { source, closings } = silent();
    expect(await Promise.all([source.return(), source.return(), source.return()])).toEqual([
      DONE,
      DONE,
      DONE,
    ]);
    expect(await source.return()).toEqual(DONE);
    expect(closings()).toBe(1);
  });

  it('has nothing more once it is left', async () => {
    const source = counting();
    expect(await source.next()).toEqual({ done: false, value: 1 });
    await source.return();
    expect(await source.next()).toEqual(DONE);
  });

  it('can be left though it fails to close', async () => {
    const source = createSource<number>(
      () => Promise.resolve(1),
      () => Promise.reject(new Error('stuck')),
    );
    expect(await source.return()).toEqual(DONE);
  });

  it('tells of a failure once, and is closed by it', async () => {
    let closings = 0;
    const source = createSource<number>(
      () => Promise.reject(new Error('broken')),
      () => {
        closings += 1;
        return Promise.resolve();
      },
    );
    await expect(source.next()).rejects.toThrow('broken');
    expect(await source.next()).toEqual(DONE);
    expect(closings).toBe(1);
  });

  it('tells who has left of no failure', async () => {
    const { promise, reject } = Promise.withResolvers<number>();
    const source = createSource(
      () => promise,
      () => Promise.resolve(),
    );
    const next = source.next();
    await turn();
    await source.return();
    reject(new Error('too late'));
    expect(await next).toEqual(DONE);
  });

  it('answers pulls that were made at once in their order', async () => {
    const source = counting();
    const answers = await Promise.all(Array.from({ length: 200 }, () => source.next()));
    expect(answers.map(({ value }) => value)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it('lets others have a turn though it always has a value', async () => {
    const source = counting();
    let others = 0;
    const stop = new AbortController();
    const waiting = (async () => {
      while (!stop.signal.aborted) {
        await turn();
        others += 1;
      }
    })();
    for (let pulled = 0; pulled < 6_400; pulled += 1) await source.next();
    stop.abort();
    await waiting;
    expect(others).toBeGreaterThanOrEqual(90);
  });
});
