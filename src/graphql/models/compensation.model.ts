import { Field, Int, ObjectType } from '@nestjs/graphql';

/** How far an execution is undone. */
@ObjectType('Compensation', { description: 'How far an execution is undone.' })
export class CompensationModel {
  @Field(() => Boolean, { description: 'Nothing is undone before `compensateExecution` says so.' })
  readonly awaited!: boolean;

  @Field(() => Int, {
    description:
      'How many steps are to be undone, and activities to be called after them; those below are among them.',
  })
  readonly total!: number;

  @Field(() => Int, { description: 'How many of them were undone.' })
  readonly done!: number;

  @Field(() => Int, { description: 'How many of them could not be undone.' })
  readonly failed!: number;

  @Field(() => [String], { description: 'Those that were undone, the first hundred, in their order.' })
  readonly doneSteps!: readonly string[];

  @Field(() => [String], { description: 'Those that could not be undone, the first hundred.' })
  readonly failedSteps!: readonly string[];
}
