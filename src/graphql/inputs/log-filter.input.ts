import { Field, ID, InputType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsOptional } from 'class-validator';
import type { Component } from '../../domain/definition/observed.ts';
import type { RowLevel } from '../../projections/log-row.ts';
import type { LogsFilter } from '../../queries/logs-filter.ts';
import { LogComponents, LogLevels } from '../models/log-enums.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { IsExecutionId, IsNameIfAny, IsShortText, IsStepPath } from './checks.ts';

const MOST = 10;
const LIST = { message: `a list of 1 to ${MOST}` };

/** Which rows are listed or followed. */
@InputType('LogFilter', { description: 'Which rows are wanted; all of it must hold.' })
export class LogFilterInput {
  @IsOptional()
  @IsExecutionId()
  @Field(() => ID, { nullable: true, description: 'Of this execution.' })
  readonly executionId?: string | null;

  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Of executions of this workflow.' })
  readonly workflow?: string | null;

  @IsOptional()
  @IsStepPath()
  @Field(() => String, { nullable: true, description: 'Of the step with this path.' })
  readonly step?: string | null;

  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Of calls of this activity.' })
  readonly activity?: string | null;

  @IsOptional()
  @ArrayMinSize(1, LIST)
  @ArrayMaxSize(MOST, LIST)
  @Field(() => [LogLevels], { nullable: true, description: 'At one of these levels.' })
  readonly level?: readonly RowLevel[] | null;

  @IsOptional()
  @ArrayMinSize(1, LIST)
  @ArrayMaxSize(MOST, LIST)
  @Field(() => [LogComponents], { nullable: true, description: 'From one of these parts of the server.' })
  readonly component?: readonly Component[] | null;

  @IsShortText(200)
  @Field(() => String, {
    nullable: true,
    description: 'With this text in the message, in small letters or capitals.',
  })
  readonly text?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Written at this time or later.' })
  readonly from?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Written before this time.' })
  readonly before?: number | null;
}

/** The filter in the terms of the query. */
export const logsFilter = (input: LogFilterInput | null | undefined): LogsFilter => ({
  executionId: input?.executionId ?? undefined,
  workflow: input?.workflow ?? undefined,
  step: input?.step ?? undefined,
  activity: input?.activity ?? undefined,
  levels: input?.level ?? undefined,
  components: input?.component ?? undefined,
  text: input?.text ?? undefined,
  from: input?.from ?? undefined,
  before: input?.before ?? undefined,
});
