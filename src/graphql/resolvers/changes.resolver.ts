import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Context, Subscription } from '@nestjs/graphql';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import { executions } from '../../projections/executions.projection.ts';
import type { TimelineDocument } from '../../projections/timeline-document.ts';
import { timeline } from '../../projections/timeline.projection.ts';
import { GetTimelineEntries, PickExecutions } from '../../queries/changed-queries.ts';
import type { GraphqlContext } from '../context.ts';
import { nullable } from '../errors/input-pipe.ts';
import { changeFeed, type Change } from '../feed/change-feed.ts';
import { EventFeeds } from '../feed/event-feeds.ts';
import type { Source } from '../feed/source.ts';
import { createTogether, keyOf } from '../feed/together.ts';
import { ExecutionFilterInput, executionsFilter } from '../inputs/execution-filter.input.ts';
import { TimelineChangedArgs } from '../inputs/feed.args.ts';
import { ExecutionChangeModel, TimelineChangeModel } from '../models/change.model.ts';
import { executionFrom } from '../models/execution.model.ts';
import { timelineEntryFrom } from '../models/timeline-entry.model.ts';
import { Position } from '../scalars/position.scalar.ts';
import { ApiResolver } from './api-resolver.ts';

type Executions = Change<StoredDocument<ExecutionDocument>>;
type Entries = Change<StoredDocument<TimelineDocument>>;

/** Views as they change. */
@ApiResolver()
export class ChangesResolver {
  readonly #queries: QueryBus;
  readonly #feeds: EventFeeds;
  readonly #together = createTogether();

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(EventFeeds) feeds: EventFeeds) {
    this.#queries = queries;
    this.#feeds = feeds;
  }

  @Subscription(() => TimelineChangeModel, {
    resolve: ({ value, ...change }: Entries): TimelineChangeModel => ({
      ...change,
      entry: timelineEntryFrom(value),
    }),
    description:
      "Entries of an execution's timeline as they come and change, once they are in the view; it completes behind the last event. One that changes several times at once is told once. What circuit breakers did is told by the query alone. To resume, give the cursor of the last one as `after`.",
  })
  async timelineChanged(
    @Args({ type: () => TimelineChangedArgs }) { executionId, after }: TimelineChangedArgs,
    @Context() { scope }: GraphqlContext,
  ): Promise<Source<Entries>> {
    return changeFeed({
      events: await this.#feeds.ofExecution(executionId, after ?? undefined, scope),
      view: timeline,
      load: (keys, position) =>
        this.#together(keyOf('timeline', keys, position), () =>
          this.#queries.execute(new GetTimelineEntries(keys, position)),
        ),
    });
  }

  @Subscription(() => ExecutionChangeModel, {
    resolve: ({ value, ...change }: Executions): ExecutionChangeModel => ({
      ...change,
      execution: executionFrom(value),
    }),
    description:
      'Executions as they begin, go on and end, once that is in the view; of those that meet a filter as they are then, so one that has ceased to meet it is told no more. One that changes several times at once is told once. To resume, give the cursor of the last one as `after`.',
  })
  async executionsChanged(
    @Args(
      'filter',
      { type: () => ExecutionFilterInput, nullable: true, description: 'Which executions.' },
      nullable(ExecutionFilterInput),
    )
    input: ExecutionFilterInput | null,
    @Args('after', {
      type: () => Position,
      nullable: true,
      description: 'Only changes behind this position; those from now on when left out.',
    })
    after: bigint | null,
    @Context() { scope }: GraphqlContext,
  ): Promise<Source<Executions>> {
    const filter = executionsFilter(input);
    const { workflow } = filter;
    const pick = (ids: readonly string[], position?: bigint) =>
      this.#together(keyOf('executions', filter, scope, ids, position), () =>
        this.#queries.execute(new PickExecutions(ids, filter, position).within(scope)),
      );
    // A filter that cannot be is refused at once.
    await pick([]);
    const ofWorkflow = workflow === undefined ? {} : { workflow };
    const wanted = { categories: ['execution'], types: executions.handles, ...ofWorkflow } as const;
    // Events of an execution do not name its tags: within its tenant, the view says whether it is in the scope.
    const ofTenant = { ...scope, within: undefined };
    return changeFeed({
      events: await this.#feeds.of({ ...wanted, scope: ofTenant }, after ?? undefined),
      view: executions,
      load: pick,
    });
  }
}
