import { describe, expect, it, onTestFinished } from 'vitest';
import { dayOf } from '../../src/projections/day.ts';
import { GetMetricsHandler, GetMetricsSeriesHandler } from '../../src/queries/metrics.handler.ts';
import {
  GetMetrics,
  GetMetricsSeries,
  GetSlowestSteps,
  type Measured,
  type Times,
} from '../../src/queries/metrics-queries.ts';
import { GetSlowestStepsHandler } from '../../src/queries/slowest-steps.handler.ts';
import { WORKFLOW } from '../projections/samples.ts';
import { figuresOf } from '../queries/figures-of.ts';
import { at } from '../queries/queries.ts';
import { CHANGES, DAY, EDGES, noonOf, SEASONS, TOOK, TWO_YEARS, twoYears } from '../queries/two-years.ts';
import { handClock } from '../spec/clock.ts';
import type { Open } from './read-models-samples.ts';

const EVER = { from: at('0001-01-01T00:00:00Z'), to: at('9999-12-31T00:00:00Z') };

const nearly = (times: Times, took: readonly number[]): void => {
  const sorted = took.toSorted((a, b) => a - b);
  for (const q of [0, 0.01, 0.5, 0.95, 0.99, 0.999, 1]) {
    const exact = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
    const found = times.quantile(q) ?? Number.NaN;
    expect(Math.abs(found - exact) / exact, `${found} is near ${exact}`).toBeLessThanOrEqual(0.01);
  }
};

const third = (n: number): readonly number[] => TOOK.filter((_, place) => place % 3 === n);

/** Holds measures of time spans of any length to what happened in them, to the millisecond, over some store. */
export const longWindowsConformance = (name: string, open: Open): void => {
  describe(`measures of two years in ${name}`, () => {
    const ask = async () => {
      const { readModels, close } = await open();
      onTestFinished(close);
      const views = await figuresOf(readModels, twoYears());
      const clock = handClock(at('2026-11-27T10:00:00Z'));
      const [metrics, series, steps] = [
        new GetMetricsHandler(views, clock),
        new GetMetricsSeriesHandler(views, clock),
        new GetSlowestStepsHandler(views, clock),
      ];
      return {
        metrics: (of: Measured) => metrics.execute(new GetMetrics(of)),
        series: (of: Measured, step: number) => series.execute(new GetMetricsSeries(of, step)),
        steps: (of: Measured) => steps.execute(new GetSlowestSteps(of, 0.95, 10)),
      };
    };

    it('are of everything in them, with quantiles within their error, and of each version', async () => {
      const { metrics } = await ask();
      const all = await metrics({ workflow: WORKFLOW, ...TWO_YEARS });
      expect(all).toMatchObject({
        count: 1_500,
        window: TWO_YEARS,
        throughput: 1_500 / (731 * 24 * 60),
        executionTime: { relativeError: 0.01, max: Math.max(...TOOK), min: Math.min(...TOOK) },
        failures: [{ errorType: 'Oops', count: 500 }],
      });
      expect(all.successRate).toBeCloseTo(200 / 3, 10);
      expect(all.executionTime.avg).toBeCloseTo(TOOK.reduce((sum, ms) => sum + ms, 0) / 1_500, 6);
      nearly(all.executionTime, TOOK);
      const slowest = TOOK.toSorted((a, b) => b - a).slice(0, 3);
      expect(all.slowest.map(({ duration }) => duration)).toEqual(slowest);
      for (const version of [1, 2, 3]) {
        const { count, executionTime } = await metrics({ workflow: WORKFLOW, version, ...TWO_YEARS });
        expect([version, count]).toEqual([version, 500]);
        nearly(executionTime, third(version - 1));
      }
    });

    it('are of their first and their last millisecond, and of nothing right beside those', async () => {
      const { metrics } = await ask();
      const found = await metrics({ workflow: EDGES, ...TWO_YEARS });
      expect(found).toMatchObject({ count: 2, executionTime: { min: 10, max: 100 } });
      expect(await metrics({ workflow: EDGES, ...EVER })).toMatchObject({
        count: 4,
        executionTime: { min: 1, max: 1_000 },
      });
    });

    it('are of days of 23 and 25 hours as the clocks of a time zone say', async () => {
      const { metrics } = await ask();
      for (const [date, hours] of CHANGES) {
        const day = dayOf('Europe/Paris', noonOf(date));
        const found = await metrics({ workflow: SEASONS, ...day });
        expect([date, found.count, found.window]).toEqual([date, hours, day]);
      }
      expect(await metrics({ workflow: SEASONS, ...TWO_YEARS })).toMatchObject({
        count: 23 + 25 + 23 + 25 + 8,
      });
    });

    it('are the same step by step, whatever the step', async () => {
      const { series } = await ask();
      for (const step of [DAY, 7 * DAY, 30 * DAY, 1_000 * DAY]) {
        const points = await series({ workflow: WORKFLOW, ...TWO_YEARS }, step);
        expect(points).toHaveLength(Math.ceil((731 * DAY) / step));
        expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(1_500);
        expect(points.reduce((sum, { failures }) => sum + (failures[0]?.count ?? 0), 0)).toBe(500);
      }
      const [first, ...rest] = await series({ workflow: EDGES, ...TWO_YEARS }, DAY);
      const last = rest.pop();
      expect([first?.count, last?.count]).toEqual([1, 1]);
      expect(rest.map(({ count }) => count)).toEqual(Array.from({ length: 729 }, () => 0));
    });

    it('have the slowest steps, of all activities or of one', async () => {
      const { steps } = await ask();
      for (const activity of [undefined, 'pay']) {
        const [pay, ...others] = await steps({ workflow: WORKFLOW, activity, ...EVER });
        expect(others).toEqual([]);
        expect(pay).toMatchObject({ step: 'pay', activity: 'pay', count: 500, successRate: 100 });
        nearly(pay?.executionTime as Times, third(0));
      }
      expect(await steps({ workflow: WORKFLOW, activity: 'ship', ...EVER })).toEqual([]);
    });
  });
};
