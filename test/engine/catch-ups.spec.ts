import { expect, it } from 'vitest';
import { createCatchUps } from '../../src/engine/catch-ups.ts';

const EXECUTIONS = 100;
const COMMITS = 100;

it('reads what others write so many at a time, each execution once while it waits, and up to the last', async () => {
  const begun: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const lost = new Set(['e98', 'e99']);
  const follow = createCatchUps(
    8,
    (id) => !lost.has(id),
    (id, revision) => {
      begun.push(`${id}@${revision}`);
      return promise;
    },
  );
  const all: Promise<void>[] = [];
  for (let revision = 0; revision < COMMITS; revision += 1)
    for (let n = 0; n < EXECUTIONS; n += 1) all.push(follow(`e${n}`, revision));
  expect(begun).toEqual(Array.from({ length: 8 }, (_, n) => `e${n}@0`));
  resolve();
  await Promise.all(all);
  const last = Array.from({ length: EXECUTIONS - lost.size }, (_, n) => `e${n}@${COMMITS - 1}`);
  expect(begun.slice(8).toSorted()).toEqual(last.toSorted());
});

it('tells whoever asked of what goes wrong, and reads again when it is asked', async () => {
  let reads = 0;
  const follow = createCatchUps(
    1,
    () => true,
    async () => {
      reads += 1;
      if (reads === 1) throw new Error('gone');
    },
  );
  await expect(follow('e', 1)).rejects.toThrow('gone');
  await follow('e', 1);
  expect(reads).toBe(2);
});
