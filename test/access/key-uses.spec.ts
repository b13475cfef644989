import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteReadModels } from '../../src/adapters/sqlite/read-models.ts';
import { createKeyUses } from '../../src/commands/key-uses.ts';
import { ReadModelsUnavailable, type ReadModels } from '../../src/ports/read-models.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { handClock } from '../spec/clock.ts';

const openViews = async (): Promise<ReadModels> => {
  const views = await openSqliteReadModels({ path: join(temporaryFolder(), 'views.db') });
  onTestFinished(() => views.close());
  return views;
};

/** The same views, and how often they were written to. */
const counted = (views: ReadModels) => {
  let writes = 0;
  const write: ReadModels['write'] = (...given) => {
    writes += 1;
    return views.write(...given);
  };
  return { views: { ...views, write }, writes: () => writes };
};

it('the use of a key is stored once a minute, and the latest one of all nodes counts', async () => {
  const { views, writes } = counted(await openViews());
  const [here, there] = [handClock(), handClock()];
  there.advance(90_000);
  const [one, two] = [
    createKeyUses(views, here, keepingLogger()),
    createKeyUses(views, there, keepingLogger()),
  ];
  const seen = async () => [...(await one.of(['a', 'b', 'c']))].toSorted(([a], [b]) => (a < b ? -1 : 1));
  one.note('a');
  one.note('b');
  const first = here.now();
  await expect.poll(seen).toEqual([
    ['a', first],
    ['b', first],
  ]);
  two.note('a');
  await expect.poll(seen).toEqual([
    ['a', there.now()],
    ['b', first],
  ]);
  // A use that was earlier takes nothing away.
  here.advance(60_000);
  one.note('a');
  one.note('b');
  await expect.poll(seen).toEqual([
    ['a', there.now()],
    ['b', here.now()],
  ]);
  const before = writes();
  here.advance(59_999);
  for (let n = 0; n < 100; n += 1) one.note('a');
  one.note('c');
  await expect.poll(seen).toHaveLength(3);
  expect(writes()).toBe(before + 1);
});

it('the use of a key that cannot be stored is nobody’s trouble', async () => {
  const logger = keepingLogger();
  const away: ReadModels = {
    ...(await openViews()),
    prepare: () => Promise.reject(new ReadModelsUnavailable('They are away.')),
  };
  createKeyUses(away, handClock(), logger).note('a');
  await expect.poll(() => logger.lines).toHaveLength(1);
});
