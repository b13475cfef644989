import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { percentiles } from '../../bench/figures.ts';
import { measure } from '../../bench/measure.ts';
import { compare } from '../../bench/report.ts';

describe('the benchmark', () => {
  it('takes nearest-rank percentiles', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
  });

  it('runs the work so often, with so many in flight', async () => {
    let running = 0;
    const seen: number[] = [];
    const runOne = async () => {
      running += 1;
      seen.push(running);
      await turn();
      running -= 1;
    };
    const figures = await measure(runOne, { executions: 40, inFlight: 8, alone: 5, warmUp: 10 });
    expect(seen).toHaveLength(10 + 1 + 40 + 5);
    expect(Math.max(...seen)).toBe(8);
    expect(Math.max(...seen.slice(-5))).toBe(1);
    expect(figures.executionsPerSecond).toBeGreaterThan(0);
  });

  it('compares throughput and latency alone', () => {
    const figures = (executionsPerSecond: number, p50: number) => ({
      name: 'x',
      executionsPerSecond,
      latency: { p50: 9, p95: 9, p99: 9 },
      alone: { p50, p95: 9, p99: 9 },
      memory: 1,
    });
    expect(compare(figures(5_000, 1.5), figures(500, 9))).toEqual({ throughput: 10, latencyAlone: 0.167 });
  });
});
