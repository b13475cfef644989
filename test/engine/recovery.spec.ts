import { expect, it, onTestFinished } from 'vitest';
import { activeExecutions, resumeAll, type ActiveExecution } from '../../src/engine/recovery.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { executions } from '../../src/projections/executions.projection.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';

const STATUSES = ['running', 'completed', 'compensating', 'failed', 'cancelled', 'compensated', 'paused'];
const COUNT = 4_200;

const opened = async (): Promise<ReadModels> => {
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  return readModels;
};

const all = async (pages: AsyncIterable<readonly ActiveExecution[]>): Promise<readonly ActiveExecution[]> => {
  const active: ActiveExecution[] = [];
  for await (const page of pages) active.push(...page);
  return active;
};

it('finds every execution that has not ended once, over any number of pages', async () => {
  const readModels = await opened();
  await readModels.prepare('executions_1', executions.indexes);
  const documents = Array.from({ length: COUNT }, (_, n) => ({
    key: `e${n}`,
    // Many of the same time, so that pages end in the middle of them.
    doc: {
      status: STATUSES[n % STATUSES.length] ?? '',
      startedAt: Math.floor(n / 100),
      step: 'a',
      waiting: null,
    },
    position: 1n,
    expected: undefined,
  }));
  await readModels.write('executions_1', documents);

  const found = (await all(activeExecutions(readModels, 'executions_1'))).map(({ id }) => id);
  const active = documents.filter(({ doc }) => ['running', 'compensating', 'paused'].includes(doc.status));
  expect(found.toSorted()).toEqual(active.map(({ key }) => key).toSorted());

  const resumed: string[] = [];
  const resume = async (id: string): Promise<void> => void resumed.push(id);
  const arm = (id: string) => expect.unreachable(`${id} does not wait`);
  expect(await resumeAll(activeExecutions(readModels, 'executions_1'), { resume, arm })).toBe(active.length);
  expect(resumed.toSorted()).toEqual(found.toSorted());
});

it('looks at one that is paused only when a call of it was under way', async () => {
  const readModels = await opened();
  await readModels.prepare('executions_1', executions.indexes);
  const paused = { status: 'paused', startedAt: 0 };
  const docs = [
    { ...paused, step: 'a', waiting: 'timer', dueAt: 5 },
    { ...paused, step: null, waiting: null, dueAt: null },
    { ...paused, step: 'a', waiting: null, dueAt: null },
  ];
  await readModels.write(
    'executions_1',
    docs.map((doc, n) => ({ key: `e${n}`, doc, position: 1n, expected: undefined })),
  );
  const found = await all(activeExecutions(readModels, 'executions_1'));
  expect(found.map(({ waits }) => waits)).toEqual(['others', 'others', undefined]);
});

it('looks at one that another waits for, and at one that waits for another', async () => {
  const readModels = await opened();
  await readModels.prepare('executions_1', executions.indexes);
  const waiting = { status: 'running', startedAt: 0, step: 'a', waiting: 'signal', dueAt: null, depth: 0 };
  const alone = [{ step: 'a', waiting: 'signal', dueAt: null }];
  const docs = [
    { ...waiting, underWay: alone },
    { ...waiting, underWay: alone, depth: 1 },
    { ...waiting, underWay: [...alone, { step: 'b', waiting: 'child', dueAt: null }] },
    { ...waiting, status: 'paused', underWay: [...alone, { step: 'b', waiting: 'child', dueAt: null }] },
  ];
  await readModels.write(
    'executions_1',
    docs.map((doc, n) => ({ key: `e${n}`, doc, position: 1n, expected: undefined })),
  );
  const found = await all(activeExecutions(readModels, 'executions_1'));
  expect(found.map(({ waits }) => waits)).toEqual(['others', undefined, undefined, undefined]);
});

it('finds none where there is none', async () => {
  const readModels = await opened();
  expect(await all(activeExecutions(readModels, 'executions_1'))).toEqual([]);
});
