import { Field, InputType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsOptional, Matches } from 'class-validator';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import { streamOf, type Category } from '../../domain/stream.ts';
import type { ExecutionsFilter } from '../../queries/queries.ts';
import type { FeedFilter } from '../feed/filter.ts';
import { EventCategories, ExecutionStatuses } from '../models/enums.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { IsExecutionId, IsNameIfAny } from './checks.ts';

const MOST = 50;
const LIST = { message: `a list of 1 to ${MOST}` };

/** Which executions are listed. */
@InputType('ExecutionFilter', { description: 'Which executions are wanted; all of it must hold.' })
export class ExecutionFilterInput {
  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Name of their workflow.' })
  readonly workflow?: string | null;

  @IsOptional()
  @ArrayMinSize(1, LIST)
  @ArrayMaxSize(MOST, LIST)
  @Field(() => [ExecutionStatuses], { nullable: true, description: 'One of these statuses.' })
  readonly status?: readonly ExecutionStatus[] | null;

  @IsNameIfAny()
  @Field(() => String, {
    nullable: true,
    description: '`manual`, the type of the event that started them, or `METHOD /path` of the request.',
  })
  readonly trigger?: string | null;

  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Type of the error that they met.' })
  readonly errorType?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Started at this time or later.' })
  readonly startedFrom?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Started before this time.' })
  readonly startedBefore?: number | null;
}

/** The filter in the terms of the query. */
export const executionsFilter = (input: ExecutionFilterInput | null | undefined): ExecutionsFilter => ({
  workflow: input?.workflow ?? undefined,
  status: input?.status ?? undefined,
  trigger: input?.trigger ?? undefined,
  errorType: input?.errorType ?? undefined,
  startedFrom: input?.startedFrom ?? undefined,
  startedBefore: input?.startedBefore ?? undefined,
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
  @Field(() => String, { nullable: true, description: 'Events of this execution.' })
  readonly executionId?: string | null;
}

/** The filter in the terms of a feed. */
export const feedFilter = (input: EventFilterInput | null | undefined): FeedFilter => ({
  ...(input?.types == null ? {} : { types: input.types }),
  ...(input?.categories == null ? {} : { categories: input.categories }),
  ...(input?.workflow == null ? {} : { workflow: input.workflow }),
  ...(input?.executionId == null ? {} : { stream: streamOf('execution', input.executionId) }),
});
