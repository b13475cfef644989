import { describe, expect, test } from 'vitest';
import { GetMetrics, type Metrics } from '../../src/queries/metrics-queries.ts';
import {
  cancelled,
  compensated,
  compensationFailed,
  retryScheduled,
  stepCompensated,
  stepCompleted,
  stepFailed,
  WORKFLOW,
} from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, completedOf, failedOf, known, openQueries, type Queries } from './queries.ts';

const NOW = '2026-01-31T10:07:00Z';
const T = at('2026-01-31T10:00:00Z');
const MINUTE = 60_000;

const measure = (
  { ask }: Queries,
  more: { activity?: string; from?: string; to?: string } = {},
): Promise<Metrics> => {
  const { activity, from, to } = more;
  const time = (iso: string | undefined) => (iso === undefined ? undefined : at(iso));
  return ask(new GetMetrics({ workflow: WORKFLOW, activity, from: time(from), to: time(to) }));
};

let count = 0;

/** An execution completed at a time. */
const took = (duration: number, end = T): Happened => {
  count += 1;
  return happened(`execution-e${count}`, end, completedOf(WORKFLOW, end, duration));
};

const failing = (duration: number, end = T): Happened => {
  count += 1;
  return happened(`execution-f${count}`, end, failedOf(WORKFLOW, end, duration));
};

/** Durations with a heavy tail (Pareto), always the same ones. */
const heavyTail = (many: number): readonly number[] => {
  let seed = 42;
  return Array.from({ length: many }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.ceil(20 / (1 - seed / 2_147_483_648) ** (1 / 1.2));
  });
};

const exact = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * values.length) - 1)] ?? Number.NaN;

const near = (found: number | undefined, value: number): void => {
  expect(found).toBeDefined();
  expect(Math.abs((found ?? 0) - value) / value, `${found} is near ${value}`).toBeLessThanOrEqual(0.01);
};

describe('the measures of a workflow', () => {
  test('are those of its executions that ended, with every field', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(known(), took(100), took(300), took(200), failing(400));
    expect(await measure(queries)).toEqual({
      executionTime: {
        avg: 250,
        min: 100,
        max: 400,
        relativeError: 0.01,
        quantile: expect.any(Function) as () => number,
      },
      count: 4,
      successRate: 75,
      errorRate: 25,
      throughput: 4 / 67,
      window: { from: at('2026-01-31T09:00:00Z'), to: at('2026-01-31T10:15:00Z') },
      slowest: [
        { executionId: expect.stringMatching(/^f/), revision: 0, duration: 400, failed: true },
        { executionId: expect.stringMatching(/^e/), revision: 0, duration: 300, failed: false },
        { executionId: expect.stringMatching(/^e/), revision: 0, duration: 200, failed: false },
      ],
      retries: 0,
      reopened: 0,
      breakerOpenings: 0,
      rejections: [],
      waits: 0,
      waitTime: {
        avg: undefined,
        min: undefined,
        max: undefined,
        relativeError: 0.01,
        quantile: expect.any(Function) as () => undefined,
      },
      failures: [
        {
          errorType: 'Oops',
          count: 1,
          last: { executionId: expect.stringMatching(/^f/) as string, revision: 0, at: T },
        },
      ],
    });
  });

  test('of none are no rates and no times', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(known());
    expect(await measure(queries)).toMatchObject({
      executionTime: { avg: undefined, min: undefined, max: undefined },
      count: 0,
      successRate: undefined,
      errorRate: undefined,
      throughput: 0,
      slowest: [],
    });
  });

  test('count what was undone as an error, and leave out what was cancelled', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(
      known(),
      took(100),
      happened('execution-undone', T, compensated(T - 300, 300)),
      happened('execution-cancelled', T, cancelled(T - 900_000, 900_000)),
    );
    expect(await measure(queries)).toMatchObject({ count: 2, successRate: 50, errorRate: 50 });
    expect((await measure(queries)).executionTime.avg).toBe(200);
  });

  test('have percentiles within a hundredth of the exact ones, over buckets, outcomes and a heavy tail', async () => {
    const queries = await openQueries(NOW);
    const durations = heavyTail(3_000);
    const buckets = durations.map((_, n) => T - (n % 5) * 15 * MINUTE);
    await queries.happen(
      known(),
      ...durations.map((duration, n) => (n % 4 === 0 ? failing : took)(duration, buckets[n])),
    );
    const { executionTime, count, successRate, slowest } = await measure(queries);
    for (const q of [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1])
      near(executionTime.quantile(q), exact(durations, q));
    expect([executionTime.min, executionTime.max]).toEqual([exact(durations, 0), exact(durations, 1)]);
    expect(exact(durations, 0.99)).toBeGreaterThan(10 * exact(durations, 0.5));
    expect(executionTime.avg).toBeCloseTo(durations.reduce((sum, value) => sum + value, 0) / 3_000, 6);
    expect([count, successRate]).toEqual([3_000, 75]);
    const top = durations.toSorted((a, b) => b - a).slice(0, 3);
    expect(slowest.map(({ duration }) => duration)).toEqual(top);
  });

  test('name the slowest of all buckets, the slowest first', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(
      known(),
      happened('execution-a', T, completedOf(WORKFLOW, T, 50)),
      happened('execution-b', T - 30 * MINUTE, failedOf(WORKFLOW, T - 30 * MINUTE, 900)),
      happened('execution-c', T - 45 * MINUTE, completedOf(WORKFLOW, T - 45 * MINUTE, 700)),
      happened('execution-d', T, completedOf(WORKFLOW, T, 700)),
      happened('execution-e', T - 15 * MINUTE, completedOf(WORKFLOW, T - 15 * MINUTE, 60)),
    );
    expect((await measure(queries)).slowest).toEqual([
      { executionId: 'b', revision: 0, duration: 900, failed: true },
      { executionId: 'c', revision: 0, duration: 700, failed: false },
      { executionId: 'd', revision: 0, duration: 700, failed: false },
    ]);
  });

  test('of a workflow that there is none of are refused', async () => {
    const { ask, happen } = await openQueries(NOW);
    await happen(known());
    await expect(ask(new GetMetrics({ workflow: 'nobody' }))).rejects.toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
      details: { field: 'workflow', found: 'nobody' },
    });
  });
});

describe('the measures of an activity', () => {
  test('are those of its attempts, retries and undoing included, and of no other', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(
      known(),
      took(5_000),
      happened(
        'execution-a',
        T,
        retryScheduled('pay', 100, 1, T + 100),
        stepCompleted('pay', 200, 2),
        stepCompleted('ship', 9_000),
        stepFailed('pay', 300),
        stepCompensated('pay', 7),
        compensationFailed('pay', 9),
      ),
    );
    expect(await measure(queries, { activity: 'pay' })).toMatchObject({
      executionTime: { avg: 200 },
      count: 3,
      successRate: 100 / 3,
      errorRate: 200 / 3,
      slowest: [
        { executionId: 'a', revision: 3, duration: 300, failed: true },
        { executionId: 'a', revision: 1, duration: 200, failed: false },
        { executionId: 'a', revision: 0, duration: 100, failed: true },
      ],
    });
    expect(await measure(queries, { activity: 'undo_pay' })).toMatchObject({ count: 2, successRate: 50 });
    expect(await measure(queries)).toMatchObject({ count: 1, executionTime: { avg: 5_000 } });
  });

  test('that was never called are none', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(known(), took(100));
    expect(await measure(queries, { activity: 'nobody' })).toMatchObject({ count: 0, slowest: [] });
  });
});

describe('the window of measures', () => {
  const hours = ({ window: { from, to } }: Metrics) =>
    [from, to].map((time) => new Date(time).toISOString().slice(11, 16));

  test('is of whole quarters of an hour: what is in them counts, what is beside them does not', async () => {
    const queries = await openQueries('2026-01-31T12:00:00Z');
    const times = ['08:59:59.999Z', '09:00:00Z', '09:14:00Z', '09:44:59.999Z', '09:45:00Z'];
    await queries.happen(known(), ...times.map((time) => took(100, at(`2026-01-31T${time}`))));
    const found = await measure(queries, { from: '2026-01-31T09:14:30Z', to: '2026-01-31T09:31:00Z' });
    expect(hours(found)).toEqual(['09:00', '09:45']);
    expect(found.count).toBe(3);
    expect(found.throughput).toBe(3 / 45);
  });

  test('that begins and ends at a quarter is just that', async () => {
    const queries = await openQueries('2026-01-31T12:00:00Z');
    await queries.happen(known());
    const found = await measure(queries, { from: '2026-01-31T09:15:00Z', to: '2026-01-31T09:30:00Z' });
    expect(hours(found)).toEqual(['09:15', '09:30']);
  });

  test('is the last hour when nothing is said, the hour before its end when only that is', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(known());
    expect(hours(await measure(queries))).toEqual(['09:00', '10:15']);
    expect(hours(await measure(queries, { to: '2026-01-31T05:00:00Z' }))).toEqual(['04:00', '05:00']);
    expect(hours(await measure(queries, { from: '2026-01-31T06:01:00Z' }))).toEqual(['06:00', '10:15']);
  });

  test('that is not over has the throughput of what has passed of it', async () => {
    const queries = await openQueries('2026-01-31T10:10:00Z');
    await queries.happen(known(), ...Array.from({ length: 20 }, () => took(100)));
    const quarter = { from: '2026-01-31T10:00:00Z', to: '2026-01-31T10:15:00Z' };
    expect((await measure(queries, quarter)).throughput).toBe(2);
    queries.clock.advance(10 * MINUTE);
    expect((await measure(queries, quarter)).throughput).toBe(20 / 15);
  });

  test('that has just begun counts as a minute', async () => {
    const queries = await openQueries('2026-01-31T10:00:01Z');
    await queries.happen(known(), took(100));
    const quarter = { from: '2026-01-31T10:00:00Z', to: '2026-01-31T10:15:00Z' };
    expect((await measure(queries, quarter)).throughput).toBe(1);
    const later = { from: '2026-01-31T11:00:00Z', to: '2026-01-31T12:00:00Z' };
    expect(await measure(queries, later)).toMatchObject({ count: 0, throughput: 0 });
  });

  test.for([
    ['2026-01-31T09:00:00Z', '2026-01-31T08:00:00Z'],
    ['2026-01-31T09:00:00Z', '2026-01-31T09:00:00Z'],
    ['2026-01-31T10:07:00.001Z', undefined],
  ] as const)('is refused from %s to %s', async ([from, to]) => {
    const queries = await openQueries(NOW);
    const found = `${new Date(at(from)).toISOString()} to ${new Date(at(to ?? NOW)).toISOString()}`;
    await expect(measure(queries, { from, ...(to === undefined ? {} : { to }) })).rejects.toMatchObject({
      name: 'Rejection',
      code: 'BAD_USER_INPUT',
      message: `Expected a time span with its beginning before its end, but found ${found}.`,
      details: { field: 'from', found, expected: 'from before to' },
    });
  });

  test('may be of ten years', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(
      known(),
      took(100, at('2016-01-31T07:59:59.999Z')),
      took(100, at('2016-01-31T08:00:00Z')),
      took(100, at('2026-01-31T07:59:00Z')),
    );
    const found = await measure(queries, { from: '2016-01-31T08:00:00Z', to: '2026-01-31T08:00:00Z' });
    expect(found).toMatchObject({ count: 2, throughput: 2 / (3_653 * 24 * 60) });
  });
});
