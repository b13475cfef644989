import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Query, Subscription } from '@nestjs/graphql';
import type { ProjectionStatus } from '../../projections/projector.ts';
import { GetLogDays, type LogDay } from '../../queries/log-days.ts';
import { GetParkedEvents } from '../../queries/parked-events.ts';
import { GetProjections } from '../../queries/queries.ts';
import { ProjectionFeeds } from '../feed/projection-feeds.ts';
import type { Source } from '../feed/source.ts';
import { LogDaysArgs, ProjectionArgs, ProjectionIfAnyArgs } from '../inputs/rebuild.args.ts';
import { parkedEventFrom, ParkedEventModel } from '../models/parked-event.model.ts';
import { ProjectionModel } from '../models/projection.model.ts';
import { LogDayModel } from '../models/rebuild.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** How the views fare. */
@ApiResolver(() => ProjectionModel)
export class ProjectionsResolver {
  readonly #queries: QueryBus;
  readonly #feeds: ProjectionFeeds;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(ProjectionFeeds) feeds: ProjectionFeeds) {
    this.#queries = queries;
    this.#feeds = feeds;
  }

  @Query(() => [ProjectionModel], {
    description: 'Every view that is folded from the log, and how far it is.',
  })
  projections(): Promise<readonly ProjectionStatus[]> {
    return this.#queries.execute(new GetProjections());
  }

  @Query(() => [ParkedEventModel], {
    description:
      'The events that a projection passes over where it cannot fold them, in the order in which they were parked.',
  })
  async parkedEvents(
    @Args({ type: () => ProjectionArgs }) { name }: ProjectionArgs,
  ): Promise<readonly ParkedEventModel[]> {
    return (await this.#queries.execute(new GetParkedEvents(name))).map(parkedEventFrom);
  }

  @Query(() => [LogDayModel], {
    description:
      'What is in the log by category and day, to be held against views. Reads all of it: whoever asks again after QUERY_TIMEOUT, within ten minutes and at the same node, has it go on where it stopped.',
  })
  logDays(@Args({ type: () => LogDaysArgs }) { upTo }: LogDaysArgs): Promise<readonly LogDay[]> {
    return this.#queries.execute(new GetLogDays(upTo ?? undefined));
  }

  @Subscription(() => [ProjectionModel], {
    resolve: (projections: readonly ProjectionStatus[]) => projections,
    description:
      'How views fare, and again whenever that has changed; one of them, or all. The last value, with no history: there is nothing to resume.',
  })
  projectionsChanged(
    @Args({ type: () => ProjectionIfAnyArgs }) { name }: ProjectionIfAnyArgs,
  ): Promise<Source<readonly ProjectionStatus[]>> {
    return this.#feeds.open((all) => all.filter((one) => one.name === (name ?? one.name)));
  }
}
