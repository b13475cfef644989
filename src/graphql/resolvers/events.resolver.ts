import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Context, Parent, Query, ResolveField, Subscription } from '@nestjs/graphql';
import { leafHash, resealed } from '../../domain/chain.ts';
import type { CommitMetadata, RecordedEvent } from '../../domain/event.ts';
import type { Json } from '../../domain/json.ts';
import type { Page } from '../../queries/page.ts';
import { GetEvents } from '../../queries/queries.ts';
import type { GraphqlContext } from '../context.ts';
import { nullable } from '../errors/input-pipe.ts';
import { EventFeeds } from '../feed/event-feeds.ts';
import type { Followed } from '../feed/cursor.ts';
import type { Source } from '../feed/source.ts';
import { ExecutionEventsArgs } from '../inputs/feed.args.ts';
import { EventFilterInput, feedFilter } from '../inputs/filters.input.ts';
import { ExecutionPageArgs, pageRequest } from '../inputs/query.args.ts';
import { connectionFrom, type ConnectionOf } from '../models/connection.ts';
import { EventConnection, EventModel } from '../models/event.model.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { ApiResolver } from './api-resolver.ts';

const AS_IT_IS = { resolve: (event: RecordedEvent): RecordedEvent => event };

/** A source that is on record before it gives anything; it is closed when that cannot be. */
const recorded = async (
  source: Source<Followed>,
  record: () => void | Promise<void>,
): Promise<Source<Followed>> => {
  try {
    await record();
    return source;
  } catch (error) {
    await source.return();
    throw error;
  }
};

/** Events as they stand in the log: the history of an execution, and what happens. */
@ApiResolver(() => EventModel)
export class EventsResolver {
  readonly #queries: QueryBus;
  readonly #feeds: EventFeeds;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(EventFeeds) feeds: EventFeeds) {
    this.#queries = queries;
    this.#feeds = feeds;
  }

  @Query(() => EventConnection, { description: "An execution's history, straight from the log." })
  async events(
    @Args({ type: () => ExecutionPageArgs }) args: ExecutionPageArgs,
    @Context() { scope, reads, caller }: GraphqlContext,
  ): Promise<ConnectionOf<RecordedEvent>> {
    const { executionId } = args;
    const query = new GetEvents(executionId, pageRequest(args), args.waitFor ?? undefined);
    const page = await this.#queries.execute(query.within(scope));
    reads.history(executionId, await this.#workflowIn(page, executionId), caller);
    return connectionFrom(page, args, (event) => event);
  }

  @Subscription(() => EventModel, {
    ...AS_IT_IS,
    description:
      "An execution's events as they are appended, each once and in order; it completes behind the last one. To resume, give the cursor of the last event as `after`.",
  })
  async executionEvents(
    @Args({ type: () => ExecutionEventsArgs }) { id, after }: ExecutionEventsArgs,
    @Context() { scope, reads, caller }: GraphqlContext,
  ): Promise<Source<Followed>> {
    const workflow = await this.#feeds.workflowOf(id);
    const source = await this.#feeds.ofExecution(id, after ?? undefined, scope);
    return recorded(source, () => reads.history(id, workflow, caller));
  }

  @Subscription(() => EventModel, {
    ...AS_IT_IS,
    name: 'events',
    description:
      'Events as they are appended, each once and in order. To resume, give the cursor of the last event as `after`; "0" begins with the first event of the log.',
  })
  async followEvents(
    @Args(
      'filter',
      { type: () => EventFilterInput, nullable: true, description: 'Which events.' },
      nullable(EventFilterInput),
    )
    filter: EventFilterInput | null,
    @Args('after', {
      type: () => Position,
      nullable: true,
      description: 'Only events behind this position; those from now on when left out.',
    })
    after: bigint | null,
    @Context() { scope, reads, caller }: GraphqlContext,
  ): Promise<Source<Followed>> {
    const source = await this.#feeds.of({ ...feedFilter(filter), scope }, after ?? undefined);
    const id = filter?.executionId ?? undefined;
    if (id === undefined) return recorded(source, () => reads.export(filter?.workflow ?? undefined, caller));
    const workflow = await this.#feeds.workflowOf(id);
    return recorded(source, () => reads.history(id, workflow, caller));
  }

  async #workflowIn({ items }: Page<RecordedEvent>, executionId: string): Promise<string | undefined> {
    const workflow = items[0]?.node.facts['workflow'];
    return typeof workflow === 'string' ? workflow : this.#feeds.workflowOf(executionId);
  }

  @ResolveField(() => Position, {
    description: 'What a client that comes back gives as `after` to have what follows: its position.',
  })
  cursor(@Parent() { position }: RecordedEvent): bigint {
    return position;
  }

  @ResolveField(() => DateTime, { description: 'When it was decided.' })
  at(@Parent() { commit }: RecordedEvent): number {
    return commit.metadata.at;
  }

  @ResolveField(() => JsonValue, { nullable: true, description: "What users' code put into it." })
  payload(@Parent() { payload }: RecordedEvent): Json {
    return payload === undefined ? null : (JSON.parse(payload) as Json);
  }

  @ResolveField(() => JsonValue, { description: 'Who caused its commit, when, and what it belongs to.' })
  metadata(@Parent() { commit }: RecordedEvent): CommitMetadata {
    return commit.metadata;
  }

  @ResolveField(() => String, { description: 'Hash of the event, recomputed from what is stored.' })
  hash(@Parent() event: RecordedEvent): string {
    return leafHash(resealed(event));
  }
}
