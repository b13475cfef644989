import { Field, ObjectType } from '@nestjs/graphql';
import { Position } from '../scalars/position.scalar.ts';
import { BigIntText } from '../scalars/big-int.scalar.ts';

/** How far a subscriber is behind. */
@ObjectType('Lag', {
  description:
    'How far a subscriber is behind that reads more slowly than the log grows. It misses nothing: what it has not read is read from the log for it.',
})
export class LagModel {
  @Field(() => Position, { description: 'Where the log ends, as far as is known.' })
  readonly end!: bigint;

  @Field(() => BigIntText, {
    description:
      'How many positions that is from here: with the embedded log the most events that are still to come.',
  })
  readonly behind!: number;
}
