import { Inject } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Parent, Query, ResolveField } from '@nestjs/graphql';
import { ResendNotification, type Accepted } from '../../commands/commands.ts';
import type { Json } from '../../domain/json.ts';
import { FindNotifications } from '../../queries/queries.ts';
import type { GraphqlContext } from '../context.ts';
import { nullable } from '../errors/input-pipe.ts';
import { ResendNotificationArgs } from '../inputs/command.args.ts';
import { NotificationFilterInput, notificationsFilter } from '../inputs/filters.input.ts';
import { PageArgs, pageRequest } from '../inputs/query.args.ts';
import { AcceptedModel } from '../models/accepted.model.ts';
import { connectionFrom, type ConnectionOf } from '../models/connection.ts';
import { ExecutionErrorModel } from '../models/execution-error.model.ts';
import {
  NotificationConnection,
  notificationFrom,
  NotificationModel,
  type NotificationParent,
} from '../models/notification.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** Who is told of what; what they are told is read from the log when it is asked for. */
@ApiResolver(() => NotificationModel)
export class NotificationsResolver {
  readonly #queries: QueryBus;
  readonly #commands: CommandBus;

  constructor(@Inject(QueryBus) queries: QueryBus, @Inject(CommandBus) commands: CommandBus) {
    this.#queries = queries;
    this.#commands = commands;
  }

  @Query(() => NotificationConnection, {
    description: 'Notifications by the time that they were asked for, the last one first.',
  })
  async notifications(
    @Args({ type: () => PageArgs }) args: PageArgs,
    @Args(
      'filter',
      { type: () => NotificationFilterInput, nullable: true, description: 'Which notifications.' },
      nullable(NotificationFilterInput),
    )
    filter: NotificationFilterInput | null,
    @Context() { scope }: GraphqlContext,
  ): Promise<ConnectionOf<NotificationParent>> {
    const query = new FindNotifications(
      notificationsFilter(filter),
      pageRequest(args),
      args.waitFor ?? undefined,
    );
    return connectionFrom(await this.#queries.execute(query.within(scope)), args, notificationFrom);
  }

  @Mutation(() => AcceptedModel, {
    description:
      'Sends a notification once more that was sent or given up: it is tried as if it were new, with the same id. Fails with NOTIFICATION_NOT_FOUND, and with NOTIFICATION_PENDING while it is still being tried.',
  })
  resendNotification(
    @Args({ type: () => ResendNotificationArgs }) { id, reason }: ResendNotificationArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Accepted> {
    return this.#commands.execute(new ResendNotification(id, reason ?? '', caller));
  }

  @ResolveField(() => String, { nullable: true, description: 'What is told, in a line.' })
  async subject(
    @Parent() { stream }: NotificationParent,
    @Context() { payloads }: GraphqlContext,
  ): Promise<Json | undefined> {
    return (await payloads.load({ stream, revision: 0 }))?.['subject'];
  }

  @ResolveField(() => String, { nullable: true, description: 'What is told, in full.' })
  async text(
    @Parent() { stream }: NotificationParent,
    @Context() { payloads }: GraphqlContext,
  ): Promise<Json | undefined> {
    return (await payloads.load({ stream, revision: 0 }))?.['text'];
  }

  @ResolveField(() => ExecutionErrorModel, {
    nullable: true,
    description: 'The error of the last attempt, unless it was sent.',
  })
  async error(
    @Parent() { stream, errorRevision }: NotificationParent,
    @Context() { payloads }: GraphqlContext,
  ): Promise<Json | undefined> {
    if (errorRevision === null) return undefined;
    return (await payloads.load({ stream, revision: errorRevision }))?.['error'];
  }
}
