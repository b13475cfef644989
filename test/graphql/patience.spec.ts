import { expect, it, onTestFinished } from 'vitest';
import { forAsLongAs, viewsWhileWaiting } from '../../src/graphql/patience.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { createViews, type Views } from '../../src/queries/views.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';
import { newDocuments } from '../conformance/read-models-samples.ts';
import { simulatedReadModels } from '../simulation/simulated-read-models.ts';

/** More than two pages of what is read page after page. */
const MANY = Object.fromEntries(Array.from({ length: 2_500 }, (_, n) => [`k${n}`, { n }]));

/** Views of many documents, for somebody who leaves when they have been read from so often. */
const leavingAfter = async (reads: number) => {
  const readModels = simulatedReadModels();
  await readModels.prepare('active_1', []);
  await readModels.write('active_1', newDocuments(MANY));
  const leaving = new AbortController();
  let found = 0;
  const counted = async <T>(read: Promise<T>): Promise<T> => {
    const answer = await read;
    found += 1;
    if (found === reads) leaving.abort(new Error('They have gone.'));
    return answer;
  };
  const told: ReadModels = {
    ...readModels,
    load: (...asked) => counted(readModels.load(...asked)),
    find: (...asked) => counted(readModels.find(...asked)),
    findEach: (...asked) => counted(readModels.findEach(...asked)),
  };
  const collections = { of: () => Promise.resolve('active_1'), close: () => undefined };
  const views = createViews(viewsWhileWaiting(told), collections, () => Promise.resolve());
  return { views, signal: leaving.signal, found: () => found };
};

const all = (views: Views) => views.all('active', {});

it('what reads views page after page ends between two pages once nobody waits for it', async () => {
  const { views, signal, found } = await leavingAfter(1);
  await expect(forAsLongAs(signal, () => all(views))).rejects.toThrow('They have gone.');
  expect(found()).toBe(1);
  for (const read of [
    () => views.get('active', 'k1'),
    () => views.find('active', { limit: 1 }),
    () => views.findEach('active', [{ limit: 1 }]),
  ])
    await expect(forAsLongAs(signal, async () => read())).rejects.toThrow('They have gone.');
  expect(found()).toBe(1);
});

it('whose time is up is heard between two pages of a store that answers at once', async () => {
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  await readModels.prepare('active_1', []);
  await readModels.write('active_1', newDocuments(MANY));
  let found = 0;
  const told: ReadModels = {
    ...readModels,
    find: (...asked) => {
      found += 1;
      return readModels.find(...asked);
    },
  };
  const collections = { of: () => Promise.resolve('active_1'), close: () => undefined };
  const views = createViews(viewsWhileWaiting(told), collections, () => Promise.resolve());
  const over = new AbortController();
  // As a timer is, it is heard when others have a turn.
  setImmediate(() => over.abort(new Error('Time is up.')));
  await expect(forAsLongAs(over.signal, () => all(views))).rejects.toThrow('Time is up.');
  expect(found).toBe(1);
  const each = forAsLongAs(over.signal, () => views.findEach('active', [{ limit: 1 }]));
  await expect(each).rejects.toThrow('Time is up.');
});

it('what reads views for nobody in particular goes on, whoever leaves', async () => {
  const { views, found } = await leavingAfter(1);
  expect(await all(views)).toHaveLength(2_500);
  expect(found()).toBeGreaterThan(1);
});
