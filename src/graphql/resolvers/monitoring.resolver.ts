import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Parent, Query, ResolveField, Subscription } from '@nestjs/graphql';
import { parseDuration } from '../../domain/duration.ts';
import {
  GetMetrics,
  GetMetricsSeries,
  GetMonitoring,
  type Measured,
  type Metrics,
  type Monitoring,
  type WorkflowActivity,
} from '../../queries/queries.ts';
import { nullable } from '../errors/input-pipe.ts';
import { MonitoringFeeds } from '../feed/monitoring-feeds.ts';
import type { Source } from '../feed/source.ts';
import { LOG_AS_OF, LogAsOfInput, logMomentFrom } from '../inputs/log-as-of.input.ts';
import { MetricsArgs, MetricsSeriesArgs } from '../inputs/metrics.args.ts';
import { BusiestArgs, MonitoringArgs, MonitoringChangedArgs } from '../inputs/query.args.ts';
import { MetricsModel } from '../models/metrics.model.ts';
import { MonitoringModel, WorkflowActivityModel } from '../models/monitoring.model.ts';
import { ApiResolver } from './api-resolver.ts';

const measuredOf = ({ workflow, activity, from, to, waitFor }: MetricsArgs): Measured => ({
  workflow,
  activity: activity ?? undefined,
  from: from ?? undefined,
  to: to ?? undefined,
  waitFor: waitFor ?? undefined,
});

/** Counters and measures. */
@ApiResolver(() => MonitoringModel)
export class MonitoringResolver {
  readonly #queries: QueryBus;
  readonly #feeds: MonitoringFeeds;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(MonitoringFeeds) feeds: MonitoringFeeds) {
    this.#queries = queries;
    this.#feeds = feeds;
  }

  @Query(() => MonitoringModel, {
    description:
      'How busy the server is or was, and what today, or the day of that moment, has brought by then.',
  })
  monitoring(
    @Args({ type: () => MonitoringArgs }) { workflow, timeZone, waitFor }: MonitoringArgs,
    @Args('asOf', LOG_AS_OF, nullable(LogAsOfInput)) asOf: LogAsOfInput | null,
  ): Promise<Monitoring> {
    return this.#queries.execute(
      new GetMonitoring(workflow ?? undefined, timeZone, waitFor ?? undefined, logMomentFrom(asOf)),
    );
  }

  @ResolveField(() => [WorkflowActivityModel], {
    description: 'The workflows with the most executions that have not ended; none of which all have.',
  })
  busiest(
    @Parent() { busiest }: Monitoring,
    @Args({ type: () => BusiestArgs }) { first }: BusiestArgs,
  ): readonly WorkflowActivity[] {
    return busiest.slice(0, first);
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
    return this.#queries.execute(new GetMetricsSeries(measuredOf(args), parseDuration(step) ?? 0));
  }

  @Subscription(() => MonitoringModel, {
    resolve: (monitoring: Monitoring) => monitoring,
    description:
      'The counters as they are, and again whenever they have changed: after they were stored, several changes at once when they come quickly.',
  })
  monitoringChanged(
    @Args({ type: () => MonitoringChangedArgs }) { workflow, timeZone }: MonitoringChangedArgs,
  ): Promise<Source<Monitoring>> {
    return this.#feeds.open(workflow ?? undefined, timeZone);
  }
}
