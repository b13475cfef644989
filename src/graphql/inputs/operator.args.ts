import { ArgsType, Field, ID, Int } from '@nestjs/graphql';
import { IsObject } from 'class-validator';
import type { Json, JsonObject } from '../../domain/json.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { IsErrorTypeIfAny, IsExecutionId, IsShortText, IsStepPath, IsVersionIfAny } from './checks.ts';

/** An execution to do something to. */
@ArgsType()
export class OperateArgs {
  @IsExecutionId()
  @Field(() => ID, { description: 'The execution.' })
  readonly executionId!: string;

  @IsShortText(1_000)
  @Field(() => String, { nullable: true, description: 'Why, for whoever reads its history.' })
  readonly reason?: string | null;
}

/** An execution to cancel. */
@ArgsType()
export class CancelExecutionArgs extends OperateArgs {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether what it did is undone before it ends, as by its `compensation`.',
  })
  readonly compensate!: boolean;
}

/** A step to do something to. */
@ArgsType()
export class StepArgs extends OperateArgs {
  @IsStepPath()
  @Field(() => String, {
    description: 'The path of the step, as its events have it: `pay`, or `each_item[3].charge` in a block.',
  })
  readonly step!: string;
}

/** A step to complete. */
@ArgsType()
export class CompleteStepArgs extends StepArgs {
  @Field(() => JsonValue, {
    nullable: true,
    description: 'What it came to; its `output:` reads it. It is not held to what its activity promises.',
  })
  readonly output?: Json;
}

/** A step to fail. */
@ArgsType()
export class FailStepArgs extends StepArgs {
  @IsErrorTypeIfAny()
  @Field(() => String, {
    nullable: true,
    description: 'Type of the error; `FailedByHand` when nothing else is said.',
  })
  readonly errorType?: string | null;

  @IsShortText(1_000)
  @Field(() => String, {
    nullable: true,
    description: 'What the error says; the reason when nothing else is said.',
  })
  readonly message?: string | null;
}

/** Variables to set. */
@ArgsType()
export class SetVariablesArgs extends OperateArgs {
  @IsObject({ message: 'an object of variables by name' })
  @Field(() => JsonValue, { description: 'Variables by name; those that are not named stay as they are.' })
  readonly variables!: JsonObject;
}

/** An execution to give another version. */
@ArgsType()
export class MigrateExecutionArgs extends OperateArgs {
  @IsVersionIfAny()
  @Field(() => Int, { description: 'Number of the version that it is to go on with.' })
  readonly to!: number;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Only says whether it could, and all that speaks against it.',
  })
  readonly dryRun!: boolean;
}
