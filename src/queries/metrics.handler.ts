import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '../ports/clock.ts';
import { CLOCK, VIEWS } from '../ports/tokens.ts';
import type { DurationsDocument } from '../projections/durations.projection.ts';
import type { Window } from '../projections/sum-outcomes.ts';
import { measured, stepsOf, windowOf } from './measured.ts';
import { GetMetrics, GetMetricsSeries, type Measured, type Metrics } from './queries.ts';
import type { Views } from './views.ts';

const bucketsOf = async (
  views: Views,
  { workflow, activity, waitFor }: Measured,
  { from, to }: Window,
): Promise<readonly DurationsDocument[]> => {
  await views.reflect(waitFor, 'durations', 'workflows');
  await views.requireWorkflow(workflow);
  const buckets = await views.all<DurationsDocument>('durations', {
    where: [
      { field: 'workflow', op: 'eq', value: workflow },
      { field: 'activity', op: 'eq', value: activity ?? '' },
      { field: 'bucket', op: 'gte', value: from },
      { field: 'bucket', op: 'lt', value: to },
    ],
    orderBy: [{ field: 'bucket', direction: 'asc' }],
  });
  return buckets.map(({ doc }) => doc);
};

/** Answers with the measures of a workflow or of one of its activities, merged over a time span. */
@QueryHandler(GetMetrics)
export class GetMetricsHandler implements IQueryHandler<GetMetrics> {
  readonly #views: Views;
  readonly #clock: Clock;

  constructor(@Inject(VIEWS) views: Views, @Inject(CLOCK) clock: Clock) {
    this.#views = views;
    this.#clock = clock;
  }

  async execute({ of }: GetMetrics): Promise<Metrics> {
    const now = this.#clock.now();
    const window = windowOf(now, of.from, of.to);
    return measured(await bucketsOf(this.#views, of, window), window, now);
  }
}

/** Answers with the same measures, step by step. */
@QueryHandler(GetMetricsSeries)
export class GetMetricsSeriesHandler implements IQueryHandler<GetMetricsSeries> {
  readonly #views: Views;
  readonly #clock: Clock;

  constructor(@Inject(VIEWS) views: Views, @Inject(CLOCK) clock: Clock) {
    this.#views = views;
    this.#clock = clock;
  }

  async execute({ of, step }: GetMetricsSeries): Promise<readonly Metrics[]> {
    const now = this.#clock.now();
    const window = windowOf(now, of.from, of.to);
    const steps = stepsOf(window, step);
    const buckets = Map.groupBy(await bucketsOf(this.#views, of, window), ({ bucket }) =>
      Math.floor((bucket - window.from) / step),
    );
    return steps.map((part, n) => measured(buckets.get(n) ?? [], part, now));
  }
}
