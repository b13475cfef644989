import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Parent, Query, ResolveField, Subscription } from '@nestjs/graphql';
import { GetMonitoring, type Monitoring, type WorkflowActivity } from '../../queries/queries.ts';
import { nullable } from '../errors/input-pipe.ts';
import { waitedBy } from '../errors/waited-by.ts';
import { MonitoringFeeds } from '../feed/monitoring-feeds.ts';
import type { Source } from '../feed/source.ts';
import { LOG_AS_OF, LogAsOfInput, logMomentFrom } from '../inputs/log-as-of.input.ts';
import { BusiestArgs, MonitoringArgs, MonitoringChangedArgs } from '../inputs/query.args.ts';
import { MonitoringModel, WorkflowActivityModel } from '../models/monitoring.model.ts';
import { Position } from '../scalars/position.scalar.ts';
import { ApiResolver } from './api-resolver.ts';

/** Counters. */
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

  @ResolveField(() => Position, {
    description: 'What a client that comes back gives as `after` to have no older counters: the position.',
  })
  cursor(@Parent() { position }: Monitoring): bigint {
    return position;
  }

  @Subscription(() => MonitoringModel, {
    resolve: (monitoring: Monitoring) => monitoring,
    description:
      'The counters as they are, and again whenever they have changed: after they were stored, several changes at once when they come quickly.',
  })
  monitoringChanged(
    @Args({ type: () => MonitoringChangedArgs }) { workflow, timeZone, after }: MonitoringChangedArgs,
  ): Promise<Source<Monitoring>> {
    return waitedBy('after', this.#feeds.open(workflow ?? undefined, timeZone, after ?? undefined));
  }
}
