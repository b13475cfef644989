import { expect, test } from 'vitest';
import type { EventOf } from '../../src/domain/registry.ts';
import { GetMetrics, GetMetricsSeries } from '../../src/queries/metrics-queries.ts';
import { breakerTurned, stepRejected } from '../projections/gate-samples.ts';
import {
  registered,
  retried,
  retryScheduled,
  stepCompleted,
  stepFailed,
  stepStarted,
  WORKFLOW,
} from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, failedOf, known, openQueries, type Queries } from './queries.ts';

const NOW = '2026-01-31T10:07:00Z';
const T = at('2026-01-31T10:00:00Z');
const QUARTER = 900_000;

/** What was decided by a version of the workflow. */
const by = (version: number, id: string, time: number, ...events: Happened['events']): Happened => ({
  ...happened(`execution-${id}`, time, ...events),
  definition: `sha256:${version}`,
});

const waited = (ms: number): EventOf<'step.started'> => {
  const event = stepStarted('pay');
  return { ...event, facts: { ...event.facts, waited: ms } };
};

const open = async (): Promise<Queries> => {
  const queries = await openQueries(NOW);
  await queries.happen(
    happened(`workflow-${WORKFLOW}`, 0, registered(1), registered(2)),
    by(1, 'a', T - QUARTER, waited(100), retryScheduled('pay', 50, 1, T), stepCompleted('pay', 10, 2)),
    by(1, 'b', T, stepRejected('pay'), waited(300), stepFailed('pay', 30)),
    by(2, 'c', T, waited(900), stepCompleted('pay', 1_000)),
    by(2, 'd', T, failedOf(WORKFLOW, T, 70), retried('pay')),
    happened('breaker-pay', T, breakerTurned('opened', 'b', 2)),
  );
  return queries;
};

const pay = (version?: number) => new GetMetrics({ workflow: WORKFLOW, activity: 'pay', version });

test('the measures of all versions have what kept attempts from being made at once and well', async () => {
  const { ask } = await open();
  const found = await ask(pay());
  expect(found).toMatchObject({
    count: 4,
    retries: 1,
    reopened: 0,
    breakerOpenings: 1,
    rejections: [{ gate: 'circuit_breaker', count: 1 }],
    waits: 3,
    waitTime: { avg: 1_300 / 3, min: 100, max: 900 },
    failures: [{ errorType: 'Oops', count: 2, last: { executionId: 'b', revision: 2, at: T } }],
  });
  expect(found.waitTime.quantile(0.5)).toBeGreaterThan(297);
  expect(found.waitTime.quantile(0.5)).toBeLessThan(303);
});

test('those of a version are of what it decided, and of breakers whatever the version', async () => {
  const { ask } = await open();
  expect(await ask(pay(1))).toMatchObject({ count: 3, retries: 1, waits: 2, breakerOpenings: 1 });
  expect(await ask(pay(2))).toMatchObject({ count: 1, retries: 0, waits: 1, failures: [], rejections: [] });
  const whole = await ask(new GetMetrics({ workflow: WORKFLOW, version: 2 }));
  expect(whole).toMatchObject({ count: 1, errorRate: 100, reopened: 1, failures: [{ errorType: 'Oops' }] });
  expect(await ask(new GetMetrics({ workflow: WORKFLOW, version: 1 }))).toMatchObject({
    count: 0,
    reopened: 0,
  });
});

test('a series has each of them in its step', async () => {
  const { ask } = await open();
  const of = { workflow: WORKFLOW, activity: 'pay', from: T - QUARTER, to: T + QUARTER };
  const found = await ask(new GetMetricsSeries(of, QUARTER));
  expect(found.map(({ retries, waits, breakerOpenings }) => [retries, waits, breakerOpenings])).toEqual([
    [1, 1, 0],
    [0, 2, 1],
  ]);
});

test('a version that there is none of is refused', async () => {
  const { ask, happen } = await openQueries(NOW);
  await happen(known());
  await expect(ask(pay(3))).rejects.toMatchObject({
    code: 'VERSION_NOT_FOUND',
    message: `Expected the number of a version of "${WORKFLOW}", of which there is 1, but found 3.`,
    details: { field: 'version', found: 3, expected: 'the number 1' },
  });
  await expect(ask(new GetMetrics({ workflow: 'nope', version: 1 }))).rejects.toMatchObject({
    code: 'WORKFLOW_NOT_FOUND',
    details: { field: 'workflow', found: 'nope', expected: 'the name of a registered workflow' },
  });
});
