import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Context, Parent, ResolveField } from '@nestjs/graphql';
import { FindTimelines } from '../../queries/each-queries.ts';
import type { GraphqlContext } from '../context.ts';
import { eachLoaders, wantedBy } from '../each-loader.ts';
import { PageArgs } from '../inputs/query.args.ts';
import type { ConnectionOf } from '../models/connection.ts';
import { ExecutionModel, type ExecutionParent } from '../models/execution.model.ts';
import { TimelineConnection, timelineFrom, type TimelineParent } from '../models/timeline-entry.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** The timelines of executions, of all that an operation wants together at once. */
@ApiResolver(() => ExecutionModel)
export class ExecutionTimelineResolver {
  readonly #queries: QueryBus;
  readonly #timelinesOf = eachLoaders((ids, { page, waitFor, asOf }, { scope }) =>
    this.#queries.execute(new FindTimelines(ids, page, waitFor, asOf).within(scope)),
  );

  constructor(@Inject(QueryBus) queries: QueryBus) {
    this.#queries = queries;
  }

  @ResolveField(() => TimelineConnection, {
    description:
      'Its timeline, the execution itself first: as of the moment that is asked for around it, by `asOf` of `execution` or of the timeline that leads to it as a child. Without entries where it had not begun by then.',
  })
  async timeline(
    @Parent() { id, asOf }: ExecutionParent,
    @Args({ type: () => PageArgs }) args: PageArgs,
    @Context() context: GraphqlContext,
  ): Promise<ConnectionOf<TimelineParent>> {
    const wanted = { ...wantedBy(args), asOf };
    return timelineFrom(await this.#timelinesOf(context).load({ id, wanted }), args);
  }
}
