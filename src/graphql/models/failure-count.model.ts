import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../scalars/date-time.scalar.ts';

/** A failure to look at. */
@ObjectType('FailureExample', { description: 'The last execution that it happened in.' })
export class FailureExampleModel {
  @Field(() => ID, { description: 'The execution.' })
  readonly executionId!: string;

  @Field(() => Int, { description: 'Revision of the event that says so.' })
  readonly revision!: number;

  @Field(() => DateTime, { description: 'When it happened.' })
  readonly at!: number;
}

/** How often one type of error came. */
@ObjectType('FailureCount', { description: 'How often things failed with one type of error.' })
export class FailureCountModel {
  @Field(() => String, {
    nullable: true,
    description:
      'The type; null for those that came when a quarter of an hour had a hundred types already, or are beyond the 200 most frequent of the time span, together.',
  })
  readonly errorType!: string | undefined;

  @Field(() => Int, { description: 'How often.' })
  readonly count!: number;

  @Field(() => FailureExampleModel, { description: 'The last time.' })
  readonly last!: FailureExampleModel;
}
