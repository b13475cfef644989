import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import { CLOCK, VIEWS } from '../ports/tokens.ts';
import { BUCKET, bucketOf } from '../projections/bucket.ts';
import type { DurationsDocument } from '../projections/durations.projection.ts';
import { mergeDurations } from '../projections/merge-durations.ts';
import { mean, quantile } from '../projections/sketch.ts';
import type { Window } from '../projections/sum-outcomes.ts';
import { GetMetrics, type Metrics } from './queries.ts';
import type { Views } from './views.ts';

const HOUR = 3_600_000;
const LONGEST = 92 * 24 * HOUR;
const MINUTE = 60_000;

/** The whole buckets that a time span touches; the last hour when nothing is said. */
const windowOf = (now: number, from: number | undefined, to: number | undefined): Window => {
  const end = to ?? now;
  const begin = from ?? end - HOUR;
  const found = `${new Date(begin).toISOString()} to ${new Date(end).toISOString()}`;
  if (begin >= end || end - begin > LONGEST) {
    throw new Rejection(
      'BAD_USER_INPUT',
      `Expected a time span of at most 92 days with its beginning before its end, but found ${found}.`,
      { field: 'from', found, expected: 'from before to, at most 92 days' },
    );
  }
  return { from: bucketOf(begin), to: bucketOf(end + BUCKET - 1) };
};

const percent = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : (100 * part) / whole;

/** Answers with the measures of a workflow or of one of its activities, merged over a time span. */
@QueryHandler(GetMetrics)
export class GetMetricsHandler implements IQueryHandler<GetMetrics> {
  readonly #views: Views;
  readonly #clock: Clock;

  constructor(@Inject(VIEWS) views: Views, @Inject(CLOCK) clock: Clock) {
    this.#views = views;
    this.#clock = clock;
  }

  async execute({ workflow, activity, from, to, waitFor }: GetMetrics): Promise<Metrics> {
    const now = this.#clock.now();
    const window = windowOf(now, from, to);
    await this.#views.reflect(waitFor, 'durations', 'workflows');
    await this.#views.requireWorkflow(workflow);
    const buckets = await this.#views.all<DurationsDocument>('durations', {
      where: [
        { field: 'workflow', op: 'eq', value: workflow },
        { field: 'activity', op: 'eq', value: activity ?? '' },
        { field: 'bucket', op: 'gte', value: window.from },
        { field: 'bucket', op: 'lt', value: window.to },
      ],
      orderBy: [{ field: 'bucket', direction: 'asc' }],
    });
    const { all, completed, failed, slowest } = mergeDurations(buckets.map(({ doc }) => doc));
    // Of a window that is not over, only what has passed can have seen anything.
    const passed = Math.max(Math.min(window.to, now) - window.from, MINUTE);
    return {
      executionTime: { avg: mean(all), p95: quantile(all, 0.95), p99: quantile(all, 0.99) },
      count: all.count,
      successRate: percent(completed.count, all.count),
      errorRate: percent(failed.count, all.count),
      throughput: all.count / (passed / MINUTE),
      window,
      slowest,
    };
  }
}
