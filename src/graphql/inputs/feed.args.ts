import { ArgsType, Field, ID } from '@nestjs/graphql';
import { Position } from '../scalars/position.scalar.ts';
import { IsExecutionId } from './checks.ts';

/** The execution that is followed. */
@ArgsType()
export class ExecutionEventsArgs {
  @IsExecutionId()
  @Field(() => ID, { description: 'The execution.' })
  readonly id!: string;

  @Field(() => Position, {
    nullable: true,
    description: 'Only events behind this position; all of the execution when left out.',
  })
  readonly after?: bigint | null;
}

/** The timeline that is followed. */
@ArgsType()
export class TimelineChangedArgs {
  @IsExecutionId()
  @Field(() => ID, { description: 'The execution.' })
  readonly executionId!: string;

  @Field(() => Position, {
    nullable: true,
    description: 'Only changes behind this position; every entry there is, as it is, when left out.',
  })
  readonly after?: bigint | null;
}
