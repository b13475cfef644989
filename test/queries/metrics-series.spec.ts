import { describe, expect, test } from 'vitest';
import { GetMetricsSeries, type Metrics } from '../../src/queries/metrics-queries.ts';
import { WORKFLOW } from '../projections/samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, completedOf, known, openQueries, type Queries } from './queries.ts';

const QUARTER = 900_000;
const HOUR = 4 * QUARTER;

let count = 0;

const took = (duration: number, end: string): Happened => {
  count += 1;
  return happened(`execution-e${count}`, at(end), completedOf(WORKFLOW, at(end), duration));
};

const series = (
  { ask }: Queries,
  step: number,
  from = '2026-01-31T06:00:00Z',
  to = '2026-01-31T10:00:00Z',
): Promise<readonly Metrics[]> =>
  ask(new GetMetricsSeries({ workflow: WORKFLOW, from: at(from), to: at(to) }, step));

const shown = ({ count: found, window, executionTime }: Metrics) => [
  new Date(window.from).toISOString().slice(11, 16),
  found,
  executionTime.avg,
];

const open = async (): Promise<Queries> => {
  const queries = await openQueries('2026-01-31T10:00:00Z');
  await queries.happen(
    known(),
    took(100, '2026-01-31T05:59:59.999Z'),
    took(200, '2026-01-31T06:00:00Z'),
    took(400, '2026-01-31T06:59:59.999Z'),
    took(800, '2026-01-31T08:20:00Z'),
    took(900, '2026-01-31T10:00:00Z'),
  );
  return queries;
};

describe('a series of measures', () => {
  test('has each step once, those of which nothing is known too', async () => {
    expect((await series(await open(), HOUR)).map(shown)).toEqual([
      ['06:00', 2, 300],
      ['07:00', 0, undefined],
      ['08:00', 1, 800],
      ['09:00', 0, undefined],
    ]);
  });

  test('has a last step that ends with the time span', async () => {
    const found = await series(await open(), 3 * HOUR);
    expect(found.map(shown)).toEqual([
      ['06:00', 3, 1_400 / 3],
      ['09:00', 0, undefined],
    ]);
    expect(found.map(({ window }) => window.to - window.from)).toEqual([3 * HOUR, HOUR]);
  });

  test('adds up to the measures of the whole, whatever the step', async () => {
    const queries = await open();
    for (const step of [QUARTER, 2 * QUARTER, HOUR, 24 * HOUR]) {
      const found = await series(queries, step);
      expect(found.reduce((sum, point) => sum + point.count, 0)).toBe(3);
    }
  });

  test.for([0, 60_000, QUARTER + 1, Number.NaN])('is refused with a step of %s ms', async (step) => {
    await expect(series(await open(), step)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'step' },
    });
  });

  test('is of a time span as long as there is, with a step that is told when it is too short', async () => {
    const queries = await open();
    const [from, to] = ['0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z'];
    const told: unknown = await series(queries, 24 * HOUR, from, to).catch((error: unknown) => error);
    const least = /of (\d+)m or more/.exec((told as Error).message)?.[1];
    const points = await series(queries, Number(least) * 60_000, from, to);
    expect(points).toHaveLength(1_000);
    expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(5);
    await expect(series(queries, Number(least) * 60_000 - QUARTER, from, to)).rejects.toThrow('at most 1000');
  });

  test('has at most a thousand points', async () => {
    const queries = await open();
    const from = new Date(at('2026-01-31T10:00:00Z') - 1_000 * QUARTER).toISOString();
    expect(await series(queries, QUARTER, from)).toHaveLength(1_000);
    const earlier = new Date(at('2026-01-31T10:00:00Z') - 1_001 * QUARTER).toISOString();
    const expected = 'steps of whole quarters of an hour, at most 1000 in the time span: of 30m or more';
    await expect(series(queries, QUARTER, earlier)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: `Expected ${expected}, but found 15 minutes.`,
      details: { field: 'step', found: '15m', expected },
    });
    expect(await series(queries, 2 * QUARTER, earlier)).toHaveLength(501);
  });
});
