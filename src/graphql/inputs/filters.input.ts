import { Field, ID, InputType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsOptional, Matches } from 'class-validator';
import type { Channel } from '../../domain/notification/target.ts';
import { streamOf, type Category } from '../../domain/stream.ts';
import type { NotificationsFilter } from '../../queries/queries.ts';
import type { FeedFilter } from '../feed/filter.ts';
import { Channels, EventCategories, NotificationStatuses } from '../models/enums.ts';
import { IsExecutionId, IsNameIfAny } from './checks.ts';

const MOST = 50;
const LIST = { message: `a list of 1 to ${MOST}` };

/** Which notifications are listed. */
@InputType('NotificationFilter', { description: 'Which notifications are wanted; all of it must hold.' })
export class NotificationFilterInput {
  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Name of the workflow.' })
  readonly workflow?: string | null;

  @IsOptional()
  @IsExecutionId()
  @Field(() => ID, { nullable: true, description: 'The execution that they tell of.' })
  readonly executionId?: string | null;

  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Who is told.' })
  readonly recipient?: string | null;

  @IsNameIfAny()
  @Field(() => String, {
    nullable: true,
    description: 'Type of the event that they tell of, or `notify`.',
  })
  readonly about?: string | null;

  @IsOptional()
  @ArrayMinSize(1, LIST)
  @ArrayMaxSize(MOST, LIST)
  @Field(() => [NotificationStatuses], { nullable: true, description: 'One of these statuses.' })
  readonly status?: NotificationsFilter['status'] | null;

  @IsOptional()
  @ArrayMinSize(1, LIST)
  @ArrayMaxSize(MOST, LIST)
  @Field(() => [Channels], { nullable: true, description: 'Over one of these channels.' })
  readonly channel?: readonly Channel[] | null;
}

/** The filter in the terms of the query. */
export const notificationsFilter = (
  input: NotificationFilterInput | null | undefined,
): NotificationsFilter => ({
  workflow: input?.workflow ?? undefined,
  execution: input?.executionId ?? undefined,
  recipient: input?.recipient ?? undefined,
  about: input?.about ?? undefined,
  status: input?.status ?? undefined,
  channel: input?.channel ?? undefined,
});

/** Which events are followed. */
@InputType('EventFilter', { description: 'Which events are wanted; all of it must hold.' })
export class EventFilterInput {
  @IsOptional()
  @ArrayMinSize(1, LIST)
  @ArrayMaxSize(MOST, LIST)
  @Matches(/^[a-z_]+(\.[a-z_]+)+$/, { each: true, message: 'types of events such as step.completed' })
  @Field(() => [String], { nullable: true, description: 'One of these types, such as `step.completed`.' })
  readonly types?: readonly string[] | null;

  @IsOptional()
  @ArrayMinSize(1, LIST)
  @ArrayMaxSize(MOST, LIST)
  @Field(() => [EventCategories], { nullable: true, description: 'About one of these.' })
  readonly categories?: readonly Category[] | null;

  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Events of this workflow and of its executions.' })
  readonly workflow?: string | null;

  @IsOptional()
  @IsExecutionId()
  @Field(() => ID, { nullable: true, description: 'Events of this execution.' })
  readonly executionId?: string | null;
}

/** The filter in the terms of a feed. */
export const feedFilter = (input: EventFilterInput | null | undefined): FeedFilter => ({
  ...(input?.types == null ? {} : { types: input.types }),
  ...(input?.categories == null ? {} : { categories: input.categories }),
  ...(input?.workflow == null ? {} : { workflow: input.workflow }),
  ...(input?.executionId == null ? {} : { stream: streamOf('execution', input.executionId) }),
});
