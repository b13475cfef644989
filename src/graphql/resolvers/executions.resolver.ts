import { Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Args, Context, Parent, Query, ResolveField } from '@nestjs/graphql';
import type { Scope } from '../../domain/access/scope.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { CountChildren, FindChildren, FindNotificationsOf } from '../../queries/each-queries.ts';
import type { ExecutionsFilter } from '../../queries/executions/filter.ts';
import type { ExecutionOrder } from '../../queries/executions/order.ts';
import { CountExecutions, FindExecutions, type ExecutionCount } from '../../queries/executions/queries.ts';
import { GetExecution, GetVariables } from '../../queries/history-queries.ts';
import type { GraphqlContext } from '../context.ts';
import { eachLoaders, wantedBy } from '../each-loader.ts';
import { nullable } from '../errors/input-pipe.ts';
import { executionLoaders } from '../execution-loader.ts';
import { AsOfInput, asOfFrom, AS_OF } from '../inputs/as-of.input.ts';
import { ExecutionFilterInput, executionsFilter } from '../inputs/execution-filter.input.ts';
import { ExecutionArgs, PageArgs, pageRequest } from '../inputs/query.args.ts';
import { connectionFrom, type ConnectionOf } from '../models/connection.ts';
import { ExecutionErrorModel } from '../models/execution-error.model.ts';
import {
  ExecutionConnection,
  executionFrom,
  ExecutionModel,
  type ExecutionParent,
} from '../models/execution.model.ts';
import { ExecutionOrders, orderNamed, type OrderName } from '../models/execution-orders.ts';
import {
  NotificationConnection,
  notificationFrom,
  type NotificationParent,
} from '../models/notification.model.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { ApiResolver } from './api-resolver.ts';
import type { Counted } from './execution-count.resolver.ts';

/** A page of executions. */
type Executions = ConnectionOf<ExecutionParent> & Counted;

/** Executions in short; what users' code put into them is read from the log when it is asked for. */
@ApiResolver(() => ExecutionModel)
export class ExecutionsResolver {
  readonly #queries: QueryBus;
  readonly #loaderOf: ReturnType<typeof executionLoaders>;
  readonly #childrenOf = eachLoaders((ids, { page, waitFor }, { scope }) =>
    this.#queries.execute(new FindChildren(ids, page, waitFor).within(scope)),
  );
  readonly #childCountOf = eachLoaders((ids, { waitFor }, { scope }) =>
    this.#queries.execute(new CountChildren(ids, waitFor).within(scope)),
  );
  readonly #notificationsOf = eachLoaders((ids, { page, waitFor }, { scope }) =>
    this.#queries.execute(new FindNotificationsOf(ids, page, waitFor).within(scope)),
  );

  constructor(@Inject(QueryBus) queries: QueryBus) {
    this.#queries = queries;
    this.#loaderOf = executionLoaders(queries);
  }

  @Query(() => ExecutionModel, {
    nullable: true,
    description:
      'An execution; null when there is none of that id, or was none by then. Its timeline is of the same moment; what else it is asked for (its children, who was told of it) is as it is now.',
  })
  async execution(
    @Args({ type: () => ExecutionArgs }) { id, waitFor }: ExecutionArgs,
    @Args('asOf', AS_OF, nullable(AsOfInput)) asOf: AsOfInput | null,
    @Context() { scope }: GraphqlContext,
  ): Promise<ExecutionParent | null> {
    const moment = asOfFrom(asOf);
    const query = new GetExecution(id, waitFor ?? undefined, moment);
    const found = await this.#queries.execute(query.within(scope));
    return found === undefined ? null : executionFrom(found, moment);
  }

  @Query(() => ExecutionConnection, {
    description:
      'Executions. A page with fewer items than were wanted, or with none, is the last one only when `hasNextPage` is false. One that is short and says that there is more ends where so much was looked through as one answer may: where conditions of the filter are each met by many and together by few or nobody, some 3,000 executions, or 300 where the log is read of each. `endCursor` goes on there; a narrower filter, such as a shorter time, has fewer such pages.',
  })
  async executions(
    @Args({ type: () => PageArgs }) args: PageArgs,
    @Args(
      'filter',
      { type: () => ExecutionFilterInput, nullable: true, description: 'Which executions.' },
      nullable(ExecutionFilterInput),
    )
    filter: ExecutionFilterInput | null,
    @Args('orderBy', {
      type: () => ExecutionOrders,
      defaultValue: ExecutionOrders.STARTED_AT_DESC,
      description: 'In which order.',
    })
    orderBy: OrderName,
    @Context() { scope }: GraphqlContext,
  ): Promise<Executions> {
    return this.#list(executionsFilter(filter), orderNamed(orderBy), args, scope);
  }

  @ResolveField(() => ExecutionModel, { nullable: true, description: 'The execution whose child it is.' })
  async parent(
    @Parent() { parent }: ExecutionParent,
    @Context() context: GraphqlContext,
  ): Promise<ExecutionParent | null> {
    return parent === null ? null : this.#loaderOf(context).load(parent);
  }

  @ResolveField(() => ExecutionConnection, {
    description: 'The executions that its steps have started, by the time that they were.',
  })
  async children(
    @Parent() { id }: ExecutionParent,
    @Args({ type: () => PageArgs }) args: PageArgs,
    @Context() context: GraphqlContext,
  ): Promise<Executions> {
    const asked = { id, wanted: wantedBy(args) };
    const page = await this.#childrenOf(context).load(asked);
    let counted: Promise<ExecutionCount> | undefined;
    const count = () => (counted ??= this.#childCountOf(context).load(asked));
    return Object.assign(connectionFrom(page, args, executionFrom), { count });
  }

  async #list(
    filter: ExecutionsFilter,
    order: ExecutionOrder,
    args: PageArgs,
    scope: Scope,
  ): Promise<Executions> {
    const waitFor = args.waitFor ?? undefined;
    const query = new FindExecutions(filter, order, pageRequest(args), waitFor);
    const page = await this.#queries.execute(query.within(scope));
    let counted: Promise<ExecutionCount> | undefined;
    const count = () =>
      (counted ??= this.#queries.execute(new CountExecutions(filter, waitFor).within(scope)));
    return Object.assign(connectionFrom(page, args, executionFrom), { count });
  }

  @ResolveField(() => JsonValue, { nullable: true, description: 'What it was given, read from the log.' })
  async input(
    @Parent() parent: ExecutionParent,
    @Context() context: GraphqlContext,
  ): Promise<Json | undefined> {
    return (await startOf(parent, context))?.['input'];
  }

  @ResolveField(() => JsonValue, {
    nullable: true,
    description: 'What the event said that started it, read from the log.',
  })
  async event(
    @Parent() parent: ExecutionParent,
    @Context() context: GraphqlContext,
  ): Promise<Json | undefined> {
    return (await startOf(parent, context))?.['event'];
  }

  @ResolveField(() => JsonValue, {
    nullable: true,
    description:
      'What it came to, read from the log: what `output` of its definition says, or else its variables; null unless it has completed.',
  })
  async output(
    @Parent() { stream, status }: ExecutionParent,
    @Context() { outputs }: GraphqlContext,
  ): Promise<Json | undefined> {
    return status === 'completed' ? outputs.load(stream) : undefined;
  }

  @ResolveField(() => JsonValue, {
    description: 'Its variables after the latest event that this answer reflects, read from the log.',
  })
  variables(
    @Parent() { id, revision, workflow }: ExecutionParent,
    @Context() { givesPayloads }: GraphqlContext,
  ): Promise<JsonObject> {
    givesPayloads(id, workflow);
    return this.#queries.execute(new GetVariables(id, revision));
  }

  @ResolveField(() => NotificationConnection, {
    description: 'Who was told of it, the last one first.',
  })
  async notifications(
    @Parent() { id }: ExecutionParent,
    @Args({ type: () => PageArgs }) args: PageArgs,
    @Context() context: GraphqlContext,
  ): Promise<ConnectionOf<NotificationParent>> {
    const page = await this.#notificationsOf(context).load({ id, wanted: wantedBy(args) });
    return connectionFrom(page, args, notificationFrom);
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'Who started it, as the token of the request said: the first of its claims `email`, `sub`, `user_id`, `preferred_username` and `name` that is not empty; read from the log.',
  })
  async triggeredByUser(
    @Parent() parent: ExecutionParent,
    @Context() context: GraphqlContext,
  ): Promise<Json | undefined> {
    return (await startOf(parent, context))?.['triggeredBy'];
  }

  @ResolveField(() => ExecutionErrorModel, {
    nullable: true,
    description: 'The error that ended it or made it compensate, read from the log.',
  })
  async error(
    @Parent() { stream, errorRevision }: ExecutionParent,
    @Context() { payloads }: GraphqlContext,
  ): Promise<Json | undefined> {
    if (errorRevision === null) return undefined;
    return (await payloads.load({ stream, revision: errorRevision }))?.['error'];
  }
}

const startOf = (
  { stream, inputRevision }: ExecutionParent,
  { payloads }: GraphqlContext,
): Promise<JsonObject | null> => payloads.load({ stream, revision: inputRevision });
