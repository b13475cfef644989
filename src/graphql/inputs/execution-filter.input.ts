import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsOptional, Matches } from 'class-validator';
import type { Actor } from '../../domain/event.ts';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import type { ExecutionsFilter } from '../../queries/executions/filter.ts';
import { ActorKinds, ExecutionStatuses } from '../models/enums.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { attributeFilter, AttributeFilterInput } from './attribute-filter.input.ts';
import {
  IsErrorTypeIfAny,
  IsExecutionId,
  IsNameIfAny,
  IsShortText,
  IsTags,
  IsVersionIfAny,
} from './checks.ts';
import { Duration } from '../scalars/duration.scalar.ts';

const MOST = 50;
const LIST = { message: `a list of 1 to ${MOST}` };
const ATTRIBUTES = { message: 'a list of 1 to 10' };

/** Which executions are listed. */
@InputType('ExecutionFilter', { description: 'Which executions are wanted; all of it must hold.' })
export class ExecutionFilterInput {
  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Name of their workflow.' })
  readonly workflow?: string | null;

  @IsVersionIfAny()
  @Field(() => Int, {
    nullable: true,
    description: 'Number of the version of that workflow that they are pinned to.',
  })
  readonly version?: number | null;

  @IsOptional()
  @Matches(/^sha256:[0-9a-f]{64}$/, { message: '`sha256:` and 64 hexadecimal digits' })
  @Field(() => String, { nullable: true, description: 'Hash of the definition that they are pinned to.' })
  readonly definition?: string | null;

  @IsOptional()
  @ArrayMinSize(1, LIST)
  @ArrayMaxSize(MOST, LIST)
  @Field(() => [ExecutionStatuses], { nullable: true, description: 'One of these statuses.' })
  readonly status?: readonly ExecutionStatus[] | null;

  @IsShortText(300)
  @Field(() => String, {
    nullable: true,
    description:
      '`manual`, the type of the event that started them, `METHOD /path` of the request, or `workflow` of children.',
  })
  readonly trigger?: string | null;

  @Field(() => ActorKinds, { nullable: true, description: 'What kind of actor started them.' })
  readonly triggeredBy?: Actor['kind'] | null;

  @IsShortText(320)
  @Field(() => String, {
    nullable: true,
    description:
      'Who started them, as `triggeredByUser` says. It is read from the log of each: pages may have fewer items than are wanted while there are more behind `endCursor`.',
  })
  readonly triggeredByUser?: string | null;

  @IsShortText(200)
  @Field(() => String, { nullable: true, description: 'Whose they are.' })
  readonly tenant?: string | null;

  @IsErrorTypeIfAny()
  @Field(() => String, { nullable: true, description: 'Type of the error that they met.' })
  readonly errorType?: string | null;

  @IsShortText(200)
  @Field(() => String, {
    nullable: true,
    description:
      'With this text in what their error says, in small letters or capitals. It is read from the log of each: pages may have fewer items than are wanted while there are more behind `endCursor`.',
  })
  readonly errorText?: string | null;

  @IsTags()
  @Field(() => [String], { nullable: true, description: 'With all of these tags.' })
  readonly tags?: readonly string[] | null;

  @IsOptional()
  @ArrayMinSize(1, ATTRIBUTES)
  @ArrayMaxSize(10, ATTRIBUTES)
  @Field(() => [AttributeFilterInput], {
    nullable: true,
    description: 'What attributes of their definition (`search`) are; all of it must hold.',
  })
  readonly search?: readonly AttributeFilterInput[] | null;

  @IsOptional()
  @IsExecutionId()
  @Field(() => ID, { nullable: true, description: 'Children of this execution.' })
  readonly parent?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Started at this time or later.' })
  readonly startedFrom?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Started before this time.' })
  readonly startedBefore?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Ended at this time or later.' })
  readonly endedFrom?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Ended before this time.' })
  readonly endedBefore?: number | null;

  @Field(() => Duration, { nullable: true, description: 'Took so long or longer.' })
  readonly durationFrom?: number | null;

  @Field(() => Duration, { nullable: true, description: 'Took less time than this.' })
  readonly durationBefore?: number | null;
}

/** The filter in the terms of the query. */
export const executionsFilter = (input: ExecutionFilterInput | null | undefined): ExecutionsFilter => ({
  workflow: input?.workflow ?? undefined,
  version: input?.version ?? undefined,
  definition: input?.definition ?? undefined,
  status: input?.status ?? undefined,
  trigger: input?.trigger ?? undefined,
  triggeredBy: input?.triggeredBy ?? undefined,
  triggeredByUser: input?.triggeredByUser ?? undefined,
  tenant: input?.tenant ?? undefined,
  errorType: input?.errorType ?? undefined,
  errorText: input?.errorText ?? undefined,
  tags: input?.tags ?? undefined,
  search: input?.search?.map(attributeFilter),
  parent: input?.parent ?? undefined,
  startedFrom: input?.startedFrom ?? undefined,
  startedBefore: input?.startedBefore ?? undefined,
  endedFrom: input?.endedFrom ?? undefined,
  endedBefore: input?.endedBefore ?? undefined,
  durationFrom: input?.durationFrom ?? undefined,
  durationBefore: input?.durationBefore ?? undefined,
});
