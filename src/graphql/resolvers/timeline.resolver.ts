import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Context, Parent, Query, ResolveField } from '@nestjs/graphql';
import type { Json, JsonObject } from '../../domain/json.ts';
import { streamOf } from '../../domain/stream.ts';
import type { Idle } from '../../queries/as-of/idle.ts';
import { GetTimeline } from '../../queries/history-queries.ts';
import type { GraphqlContext } from '../context.ts';
import { createIdleLoader, type IdleLoader } from '../idle-loader.ts';
import { nullable } from '../errors/input-pipe.ts';
import { executionLoaders } from '../execution-loader.ts';
import { AsOfInput, asOfFrom, AS_OF } from '../inputs/as-of.input.ts';
import { ExecutionPageArgs, pageRequest } from '../inputs/query.args.ts';
import type { ConnectionOf } from '../models/connection.ts';
import { ExecutionErrorModel } from '../models/execution-error.model.ts';
import { ExecutionModel, type ExecutionParent } from '../models/execution.model.ts';
import { IdleModel } from '../models/idle.model.ts';
import {
  TimelineConnection,
  TimelineEntryModel,
  timelineFrom,
  type TimelineParent,
} from '../models/timeline-entry.model.ts';
import { perContext } from '../per-context.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { ApiResolver } from './api-resolver.ts';

/** What happened in an execution, entry by entry. */
@ApiResolver(() => TimelineEntryModel)
export class TimelineResolver {
  readonly #queries: QueryBus;
  readonly #loaderOf: ReturnType<typeof executionLoaders>;
  readonly #idleOf: (context: GraphqlContext) => IdleLoader;

  constructor(@Inject(QueryBus) queries: QueryBus) {
    this.#queries = queries;
    this.#loaderOf = executionLoaders(queries);
    this.#idleOf = perContext(() => createIdleLoader(queries));
  }

  @Query(() => TimelineConnection, { description: "An execution's timeline, the execution itself first." })
  async timeline(
    @Args({ type: () => ExecutionPageArgs }) args: ExecutionPageArgs,
    @Args('asOf', AS_OF, nullable(AsOfInput)) asOf: AsOfInput | null,
    @Context() { scope }: GraphqlContext,
  ): Promise<ConnectionOf<TimelineParent>> {
    const { executionId, waitFor } = args;
    const query = new GetTimeline(executionId, pageRequest(args), waitFor ?? undefined, asOfFrom(asOf));
    return timelineFrom(await this.#queries.execute(query.within(scope)), args);
  }

  @ResolveField(() => JsonValue, {
    nullable: true,
    description:
      'What was given: the input of an execution or an attempt, the payload of a signal, who decided (`by`) and the `comment`.',
  })
  async input(
    @Parent() entry: TimelineParent,
    @Context() context: GraphqlContext,
  ): Promise<Json | undefined> {
    const payload = await payloadAt(entry, entry.inputRevision, context);
    if (entry.kind === 'decision') return payload ?? undefined;
    return entry.kind === 'signal' ? payload?.['payload'] : payload?.['input'];
  }

  @ResolveField(() => JsonValue, {
    nullable: true,
    description: 'What came out: the output of an attempt, the variables that were set.',
  })
  async output(
    @Parent() entry: TimelineParent,
    @Context() context: GraphqlContext,
  ): Promise<Json | undefined> {
    const payload = await payloadAt(entry, entry.outputRevision, context);
    return entry.kind === 'variables' ? payload?.['variables'] : payload?.['output'];
  }

  @ResolveField(() => JsonValue, {
    nullable: true,
    description: 'How far the attempt was when it last said so.',
  })
  async progress(
    @Parent() entry: TimelineParent,
    @Context() context: GraphqlContext,
  ): Promise<Json | undefined> {
    return (await payloadAt(entry, entry.progressRevision, context))?.['progress'];
  }

  @ResolveField(() => JsonValue, {
    nullable: true,
    description:
      'Of a run that is captured: what the attempt was given, cut to 10,240 bytes (`{ truncated, bytes, beginning }`).',
  })
  async capturedInput(
    @Parent() entry: TimelineParent,
    @Context() context: GraphqlContext,
  ): Promise<Json | undefined> {
    return (await payloadAt(entry, entry.capturedInputRevision, context))?.['input'];
  }

  @ResolveField(() => JsonValue, {
    nullable: true,
    description: 'Of a run that is captured: what the attempt came to, cut in the same way.',
  })
  async capturedOutput(
    @Parent() entry: TimelineParent,
    @Context() context: GraphqlContext,
  ): Promise<Json | undefined> {
    return (await payloadAt(entry, entry.capturedOutputRevision, context))?.['output'];
  }

  @ResolveField(() => ExecutionModel, {
    nullable: true,
    description:
      'The execution that the step has started as its child, as it is now; its `timeline` is of the moment that this one is of.',
  })
  async childExecution(
    @Parent() { child, asOf }: TimelineParent,
    @Context() context: GraphqlContext,
  ): Promise<ExecutionParent | null> {
    const found = child === null ? null : await this.#loaderOf(context).load(child);
    return found === null ? null : { ...found, asOf };
  }

  @ResolveField(() => IdleModel, {
    nullable: true,
    description:
      'Between the entry before and this one: stretches of a second or more in which nothing happened and no attempt was under way; folded from the log.',
  })
  idle(@Parent() entry: TimelineParent, @Context() context: GraphqlContext): Promise<Idle | null> {
    const { executionId, sequence, kind } = entry;
    // What a breaker did is no event of the execution.
    if (kind === 'breaker') return Promise.resolve(null);
    return this.#idleOf(context).load({ executionId, sequence });
  }

  @ResolveField(() => ExecutionErrorModel, { nullable: true, description: 'The error of what failed.' })
  async error(
    @Parent() entry: TimelineParent,
    @Context() context: GraphqlContext,
  ): Promise<Json | undefined> {
    return (await payloadAt(entry, entry.errorRevision, context))?.['error'];
  }
}

const payloadAt = async (
  { executionId }: TimelineParent,
  revision: number | null,
  { payloads }: GraphqlContext,
): Promise<JsonObject | null> =>
  revision === null ? null : payloads.load({ stream: streamOf('execution', executionId), revision });
