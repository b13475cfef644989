import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '../ports/clock.ts';
import { CLOCK, VIEWS } from '../ports/tokens.ts';
import { measured, stepsOf, windowOf } from './measured.ts';
import { GetMetrics, GetMetricsSeries, type Metrics } from './metrics-queries.ts';
import { readFigures } from './read-figures.ts';
import type { Views } from './views.ts';

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
    const window = windowOf(now, of);
    const figures = await readFigures(this.#views, of, window, window.to - window.from);
    return measured(figures(0), window, now);
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
    const window = windowOf(now, of);
    const steps = stepsOf(window, step);
    const figures = await readFigures(this.#views, of, window, step);
    return steps.map((part, n) => measured(figures(n), part, now));
  }
}
