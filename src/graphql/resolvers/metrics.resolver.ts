import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Parent, Query, ResolveField, Subscription } from '@nestjs/graphql';
import {
  GetMetrics,
  GetMetricsSeries,
  GetSlowestSteps,
  type FailuresOfType,
  type Measured,
  type Metrics,
  type StepMetrics,
} from '../../queries/metrics-queries.ts';
import { waitedBy } from '../errors/waited-by.ts';
import { FigureFeeds, type MetricsNow } from '../feed/figure-feeds.ts';
import type { Source } from '../feed/source.ts';
import {
  FailuresArgs,
  MetricsArgs,
  MetricsChangedArgs,
  MetricsSeriesArgs,
  SlowestStepsArgs,
} from '../inputs/metrics.args.ts';
import { FailureCountModel } from '../models/failure-count.model.ts';
import { MetricsChangeModel, MetricsModel, StepMetricsModel } from '../models/metrics.model.ts';
import { ApiResolver } from './api-resolver.ts';

const measuredOf = ({ workflow, activity, version, from, to, waitFor }: MetricsArgs): Measured => ({
  workflow,
  activity: activity ?? undefined,
  version: version ?? undefined,
  from: from ?? undefined,
  to: to ?? undefined,
  waitFor: waitFor ?? undefined,
});

/** Measures of workflows, activities and steps. */
@ApiResolver(() => MetricsModel)
export class MetricsResolver {
  readonly #queries: QueryBus;
  readonly #feeds: FigureFeeds;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(FigureFeeds) feeds: FigureFeeds) {
    this.#queries = queries;
    this.#feeds = feeds;
  }

  @Query(() => MetricsModel, {
    description:
      "How long a workflow's executions, or an activity's attempts in them, took and how they ended.",
  })
  metrics(@Args({ type: () => MetricsArgs }) args: MetricsArgs): Promise<Metrics> {
    return this.#queries.execute(new GetMetrics(measuredOf(args)));
  }

  @Query(() => [MetricsModel], {
    description: 'The same step by step, one after the other without a gap: for a chart.',
  })
  metricsSeries(
    @Args({ type: () => MetricsSeriesArgs }) { step, ...args }: MetricsSeriesArgs,
  ): Promise<readonly Metrics[]> {
    return this.#queries.execute(new GetMetricsSeries(measuredOf(args), step));
  }

  @Query(() => [StepMetricsModel], {
    description:
      'The steps of a workflow whose attempts take the longest, the slowest first. Blocks are left out, since the steps in them are there themselves.',
  })
  slowestSteps(
    @Args({ type: () => SlowestStepsArgs }) { quantile, first, ...args }: SlowestStepsArgs,
  ): Promise<readonly StepMetrics[]> {
    return this.#queries.execute(new GetSlowestSteps(measuredOf(args), quantile, first));
  }

  @Subscription(() => MetricsChangeModel, {
    resolve: (change: MetricsNow) => change,
    description:
      'The measures as they are, and again whenever they have changed, several changes at once when they come quickly. What they are now, with no history.',
  })
  metricsChanged(
    @Args({ type: () => MetricsChangedArgs }) { after, ...args }: MetricsChangedArgs,
  ): Promise<Source<MetricsNow>> {
    return waitedBy('after', this.#feeds.metrics(measuredOf({ ...args, waitFor: after ?? null })));
  }

  @ResolveField(() => [FailureCountModel], {
    description:
      'What failed by the type of its error, the most frequent first: attempts, and steps that failed without one; of whole executions, those that failed or were undone.',
  })
  failures(
    @Parent() { failures }: Metrics,
    @Args({ type: () => FailuresArgs }) { first }: FailuresArgs,
  ): readonly FailuresOfType[] {
    return failures.slice(0, first);
  }
}
