import { ArgsType, Field, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { ExecutionsFilter } from '../../queries/executions/filter.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { IsErrorTypeIfAny, IsNameIfAny, IsShortText, IsStepPath, IsVersionIfAny } from './checks.ts';
import { WaitArgs } from './query.args.ts';

const ACTIONS = {
  PAUSE: 'pause',
  RESUME: 'resume',
  CANCEL: 'cancel',
  CANCEL_AND_COMPENSATE: 'cancel_and_compensate',
  TERMINATE: 'terminate',
  RETRY: 'retry',
  COMPENSATE: 'compensate',
  SKIP_STEP: 'skip_step',
  COMPLETE_STEP: 'complete_step',
  FAIL_STEP: 'fail_step',
  SET_VARIABLES: 'set_variables',
  SIGNAL: 'signal',
  MIGRATE: 'migrate',
} as const;

/** What can be done to many executions. */
export type BulkAction = (typeof ACTIONS)[keyof typeof ACTIONS];

registerEnumType(ACTIONS, {
  name: 'BulkAction',
  description: 'What can be done to many executions: to each what the mutation of that name does.',
  valuesMap: {
    PAUSE: { description: 'As `pauseExecution`.' },
    RESUME: { description: 'As `resumeExecution`.' },
    CANCEL: { description: 'As `cancelExecution`.' },
    CANCEL_AND_COMPENSATE: { description: 'As `cancelExecution(compensate: true)`.' },
    TERMINATE: { description: 'As `terminateExecution`.' },
    RETRY: { description: 'As `retryExecution`.' },
    COMPENSATE: { description: 'As `compensateExecution`.' },
    SKIP_STEP: { description: 'As `skipStep`; needs `step`.' },
    COMPLETE_STEP: { description: 'As `completeStep`; needs `step`.' },
    FAIL_STEP: { description: 'As `failStep`; needs `step`.' },
    SET_VARIABLES: { description: 'As `setVariables`; needs `variables`.' },
    MIGRATE: { description: 'As `migrateExecution`; needs `to`.' },
    SIGNAL: { description: 'As `signalExecution`; needs `signal`. Each call of it sends one more.' },
  },
});

/** What is done to each execution. */
@InputType('BulkOperation', { description: 'What is done to each of the executions.' })
export class BulkOperationInput {
  @Field(() => ACTIONS, { description: 'What.' })
  readonly action!: BulkAction;

  @IsOptional()
  @IsStepPath()
  @Field(() => String, { nullable: true, description: 'Path of the step that it is done to.' })
  readonly step?: string | null;

  @Field(() => JsonValue, { nullable: true, description: 'What the step is completed with.' })
  readonly output?: Json;

  @IsErrorTypeIfAny()
  @Field(() => String, { nullable: true, description: 'Type of the error that the step is failed with.' })
  readonly errorType?: string | null;

  @IsShortText(1_000)
  @Field(() => String, { nullable: true, description: 'What that error says.' })
  readonly message?: string | null;

  @IsOptional()
  @IsObject({ message: 'an object of variables by name' })
  @Field(() => JsonValue, { nullable: true, description: 'Variables to set, by name.' })
  readonly variables?: JsonObject | null;

  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Name of the signal.' })
  readonly signal?: string | null;

  @Field(() => JsonValue, { nullable: true, description: 'What the signal says.' })
  readonly payload?: Json;

  @IsVersionIfAny()
  @Field(() => Int, { nullable: true, description: 'Number of the version that each is to go on with.' })
  readonly to?: number | null;
}

const MOST = 500;
const RANGE = { message: `a number from 1 to ${MOST}` };

/** How a bulk operation is carried out. */
@ArgsType()
export class BulkArgs extends WaitArgs {
  @IsShortText(1_000)
  @Field(() => String, { nullable: true, description: 'Why, for whoever reads the history of each.' })
  readonly reason?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Only counts those that are meant, up to 10,000, and does nothing to them.',
  })
  readonly dryRun!: boolean;

  @IsInt({ message: 'a whole number' })
  @Min(1, RANGE)
  @Max(MOST, RANGE)
  @Field(() => Int, {
    defaultValue: 100,
    description: `The most that this call does something to, from 1 to ${MOST}.`,
  })
  readonly atMost!: number;

  @IsShortText(1_000)
  @Field(() => String, {
    nullable: true,
    description: '`endCursor` of the call before, with the same filter.',
  })
  readonly after?: string | null;
}

/** Refuses a filter that means all executions there are. Throws `Rejection` (`BAD_USER_INPUT`). */
export const requireFilter = (filter: ExecutionsFilter): void => {
  if (Object.values(filter).some((value) => value !== undefined)) return;
  throw new Rejection(
    'BAD_USER_INPUT',
    'Expected a filter that says which executions are meant, but it would be all of them.',
    { field: 'filter', found: {}, expected: 'at least one field of the filter' },
  );
};
