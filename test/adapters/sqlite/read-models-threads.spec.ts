import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import type { WriterData } from './read-models-writer.worker.ts';
import { temporaryFolder } from './temporary-folder.ts';

const opened = async (path: string) => {
  const readModels = await openSqliteReadModels({ path });
  onTestFinished(() => readModels.close());
  return readModels;
};

const started = (script: string, workerData: WriterData) => {
  const worker = new Worker(new URL(script, import.meta.url), { workerData });
  onTestFinished(async () => void (await worker.terminate()));
  const ended = once(worker, 'exit').then(([code]) => code as number);
  return { worker, ended };
};

const writer = (path: string, times: number) => {
  const { worker, ended } = started('./read-models-writer.worker.ts', { path, times });
  return { begun: once(worker, 'message'), ended };
};

it('reads whole calls while another thread writes, each at one moment and none before an earlier one', async () => {
  const path = join(temporaryFolder(), 'views.db');
  const readModels = await opened(path);
  const { begun, ended } = writer(path, 2_000);
  await begun;
  let last = 0;
  let reads = 0;
  while (last < 2_000) {
    const found = await readModels.find('numbers', { limit: 3, orderBy: [{ field: 'n', direction: 'asc' }] });
    const loaded = await readModels.load('numbers', ['c', 'a', 'b']);
    const [n = 0] = found.map(({ doc }) => doc['n'] as number);
    expect(found.map(({ doc, position }) => [doc['n'], position])).toEqual(
      n === 0 ? [] : Array.from({ length: 3 }, () => [n, BigInt(n)]),
    );
    const values = new Set([...loaded.values()].map(({ position }) => Number(position)));
    expect(values.size).toBeLessThan(2);
    for (const value of values) expect(value).toBeGreaterThanOrEqual(n);
    expect(n).toBeGreaterThanOrEqual(last);
    last = Math.max(n, ...values);
    reads += 1;
    await turn();
  }
  expect(await ended).toBe(0);
  expect(reads).toBeGreaterThan(1);
}, 60_000);

it('lets several threads open a new file and write the same documents, each under its guards', async () => {
  const path = join(temporaryFolder(), 'views.db');
  const writers = Array.from({ length: 3 }, () => writer(path, 300));
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const readModels = await opened(path);
  expect(await readModels.find('numbers', { limit: 9 })).toEqual(
    ['a', 'b', 'c'].map((key) => ({ key, position: 900n, doc: { n: 900 } })),
  );
}, 60_000);

it('sees at once what another connection made of a collection', async () => {
  const path = join(temporaryFolder(), 'views.db');
  const [one, two] = [await opened(path), await opened(path)];
  expect(await two.find('things', { limit: 1 })).toEqual([]);
  await one.prepare('things', []);
  const first = { key: 'a', doc: { n: 1, m: 2 }, position: 1n, expected: undefined };
  expect(await two.write('things', [first])).toEqual([]);
  await one.prepare('things', [{ fields: ['n'] }]);
  const second = { key: 'b', doc: { n: 0, m: 3 }, position: 2n, expected: undefined };
  expect(await two.write('things', [second])).toEqual([]);
  const byN = { limit: 9, orderBy: [{ field: 'n', direction: 'asc' }] } as const;
  expect((await one.find('things', byN)).map(({ key }) => key)).toEqual(['b', 'a']);
  await one.drop('things');
  expect(await two.find('things', byN)).toEqual([]);
  await expect(two.write('things', [first])).rejects.toThrow('to be prepared before it is written to');
  await two.prepare('things', [{ fields: ['m'] }]);
  expect(await one.write('things', [first])).toEqual([]);
  expect(await two.load('things', ['a', 'b'])).toEqual(
    new Map([['a', { key: 'a', doc: { n: 1, m: 2 }, position: 1n }]]),
  );
});

it('reads a collection as it is at one moment, while another thread makes and removes it', async () => {
  const path = join(temporaryFolder(), 'views.db');
  const readModels = await opened(path);
  const { ended } = started('./read-models-churn.worker.ts', { path, times: 1_000 });
  const over = new AbortController();
  void ended.then(() => over.abort());
  const seen = new Set<number>();
  while (!over.signal.aborted) {
    const query = { limit: 9, orderBy: [{ field: 'n', direction: 'asc' }] } as const;
    for (const { key, position, doc } of await readModels.find('passing', query)) {
      expect([key, doc]).toEqual(['a', { n: Number(position) }]);
      seen.add(Number(position));
    }
    const loaded = await readModels.load('passing', ['a']);
    expect(loaded.size).toBeLessThan(2);
    await turn();
  }
  expect(await ended).toBe(0);
  expect(seen.size).toBeGreaterThan(0);
}, 60_000);
