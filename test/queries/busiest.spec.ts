import { expect, test } from 'vitest';
import { GetMonitoring } from '../../src/queries/queries.ts';
import { runQueued, runRequested } from '../projections/gate-samples.ts';
import { paused, started } from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, completedOf, known, openQueries } from './queries.ts';

const T = at('2026-01-31T08:00:00Z');

const run = (workflow: string, id: string, ...more: Happened['events']): Happened =>
  happened(
    `execution-${id}`,
    T,
    started(workflow),
    ...more.map((event) => ({ ...event, facts: { ...event.facts, workflow } }) as typeof event),
  );

test('what is active is told by status and by workflow, the busiest first', async () => {
  const queries = await openQueries();
  await queries.happen(
    ...['few', 'some', 'many', 'over'].map((workflow) => known(workflow)),
    run('over', 'a', completedOf('over', T, 1)),
    run('few', 'b'),
    run('some', 'c', paused()),
    run('some', 'd', runRequested(), runQueued()),
    ...['e', 'f', 'g'].map((id) => run('many', id)),
  );
  const found = await queries.ask(new GetMonitoring(undefined, 'UTC', undefined));
  expect(found).toMatchObject({
    activeWorkflows: 6,
    activeByStatus: { queued: 1, running: 4, compensating: 0, paused: 1 },
  });
  expect(found.busiest).toEqual([
    { workflow: 'many', active: 3, queued: 0, running: 3, compensating: 0, paused: 0 },
    { workflow: 'some', active: 2, queued: 1, running: 0, compensating: 0, paused: 1 },
    { workflow: 'few', active: 1, queued: 0, running: 1, compensating: 0, paused: 0 },
  ]);
});

test('workflows that are as busy stand by name', async () => {
  const queries = await openQueries();
  await queries.happen(...['b', 'a', 'c'].flatMap((name) => [known(name), run(name, `x${name}`)]));
  const { busiest } = await queries.ask(new GetMonitoring(undefined, 'UTC', undefined));
  expect(busiest.map(({ workflow }) => workflow)).toEqual(['a', 'b', 'c']);
});
