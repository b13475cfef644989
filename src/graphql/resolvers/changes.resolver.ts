import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Context, Subscription } from '@nestjs/graphql';
import { covers } from '../../domain/access/scope.ts';
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
import { ExecutionFilterInput, executionsFilter } from '../inputs/execution-filter.input.ts';
import { TimelineChangedArgs } from '../inputs/feed.args.ts';
import { ExecutionChangeModel, TimelineChangeModel } from '../models/change.model.ts';
import { executionFrom } from '../models/execution.model.ts';
import { timelineEntryFrom } from '../models/timeline-entry.model.ts';
import { Position } from '../scalars/position.scalar.ts';
import { ApiResolver } from './api-resolver.ts';

type Executions = Change<StoredDocument<ExecutionDocument>>;
type Entries = Change<StoredDocument<TimelineDocument>>;

/** What is not there is within no scope. */
const NOBODYS = { tenant: '' };

/** Answers as it did once it has answered that it is so. */
const once = (ask: (position: bigint) => Promise<boolean>): ((position: bigint) => Promise<boolean>) => {
  let isSo = false;
  return async (position) => (isSo = isSo || (await ask(position)));
};

/** Views as they change. */
@ApiResolver()
export class ChangesResolver {
  readonly #queries: QueryBus;
  readonly #feeds: EventFeeds;

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
    const isWithin = once(async (position: bigint) => {
      const found = await this.#queries.execute(new PickExecutions([executionId], {}, position));
      return covers(scope, found.get(executionId)?.doc ?? NOBODYS);
    });
    return changeFeed({
      events: await this.#feeds.ofExecution(executionId, after ?? undefined),
      view: timeline,
      load: async (keys, position) =>
        (await isWithin(position))
          ? this.#queries.execute(new GetTimelineEntries(keys, position))
          : new Map<string, StoredDocument<TimelineDocument>>(),
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
    const pick = async (ids: readonly string[], position?: bigint) => {
      const found = await this.#queries.execute(new PickExecutions(ids, filter, position));
      return new Map([...found].filter(([, { doc }]) => covers(scope, doc)));
    };
    // A filter that cannot be is refused at once.
    await pick([]);
    const ofWorkflow = workflow === undefined ? {} : { workflow };
    const wanted = { categories: ['execution'], types: executions.handles, ...ofWorkflow } as const;
    return changeFeed({
      events: await this.#feeds.of(wanted, after ?? undefined),
      view: executions,
      load: pick,
    });
  }
}
