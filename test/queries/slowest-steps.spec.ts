import { expect, test } from 'vitest';
import { GetSlowestSteps, type Measured } from '../../src/queries/metrics-queries.ts';
import { blockStarted, registered, stepCompleted, stepFailed, WORKFLOW } from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, completedOf, known, openQueries, type Queries } from './queries.ts';

const NOW = '2026-01-31T10:07:00Z';
const T = at('2026-01-31T10:00:00Z');
const QUARTER = 900_000;

const by = (version: number, id: string, time: number, ...events: Happened['events']): Happened => ({
  ...happened(`execution-${id}`, time, ...events),
  definition: `sha256:${version}`,
});

const open = async (): Promise<Queries> => {
  const queries = await openQueries(NOW);
  await queries.happen(
    happened(`workflow-${WORKFLOW}`, 0, registered(1), registered(2)),
    ...[10, 20, 30].map((ms, n) => by(1, `a${n}`, T - n * QUARTER, stepCompleted('pay', ms))),
    by(1, 'b', T, stepFailed('pay', 5_000), completedOf(WORKFLOW, T, 99_000)),
    ...[0, 1, 2].map((n) => by(1, `c${n}`, T, stepCompleted(`each[${n}].ship`, 400 + n, 1, 'ship'))),
    by(2, 'd', T, blockStarted('each', 'foreach'), stepCompleted('each', 80_000, 1, 'foreach')),
    by(2, 'e', T, stepCompleted('ship', 100)),
  );
  return queries;
};

const slowest = ({ ask }: Queries, q: number, first = 10, of: Partial<Measured> = {}) =>
  ask(new GetSlowestSteps({ workflow: WORKFLOW, ...of }, q, first));

test('the slowest steps are those whose attempts take the longest, the turns of a loop together', async () => {
  const queries = await open();
  const found = await slowest(queries, 0.5);
  expect(found.map(({ step, activity, count }) => [step, activity, count])).toEqual([
    ['each[].ship', 'ship', 3],
    ['ship', 'ship', 1],
    ['pay', 'pay', 4],
  ]);
  expect(found[2]).toMatchObject({
    executionTime: { avg: 1_265, max: 5_000 },
    successRate: 75,
    errorRate: 25,
    slowest: [
      { executionId: 'b', revision: 0, duration: 5_000, failed: true },
      { executionId: 'a2', duration: 30 },
      { executionId: 'a1', duration: 20 },
    ],
  });
});

test('what is slow depends on the share of attempts that is looked at', async () => {
  const queries = await open();
  expect((await slowest(queries, 1, 1)).map(({ step }) => step)).toEqual(['pay']);
});

test('they can be those of one version, of one activity, or of a time', async () => {
  const queries = await open();
  const steps = async (of: Partial<Measured>) =>
    (await slowest(queries, 0.5, 10, of)).map(({ step }) => step);
  expect(await steps({ version: 2 })).toEqual(['ship']);
  expect(await steps({ activity: 'ship' })).toEqual(['each[].ship', 'ship']);
  expect(await steps({ from: T - 2 * QUARTER, to: T })).toEqual(['pay']);
});

test('they can be those of any time, of one activity too', async () => {
  const queries = await openQueries(NOW);
  const ago = T - 3_000 * 86_400_000;
  await queries.happen(
    known(),
    by(1, 'a', ago - 1, stepCompleted('pay', 7)),
    by(1, 'b', ago, stepCompleted('pay', 10), stepCompleted('ship', 30)),
    by(1, 'c', T, stepCompleted('pay', 20)),
  );
  const counts = async (of: Partial<Measured>) =>
    (await slowest(queries, 0.5, 10, of)).map(({ step, count }) => [step, count]);
  expect(await counts({ from: ago, to: T + QUARTER })).toEqual([
    ['ship', 1],
    ['pay', 2],
  ]);
  expect(await counts({ activity: 'pay', from: ago, to: T + QUARTER })).toEqual([['pay', 2]]);
});
