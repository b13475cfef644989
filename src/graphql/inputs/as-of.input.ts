import { Field, InputType, Int } from '@nestjs/graphql';
import { IsInt, IsOptional, Min } from 'class-validator';
import { Rejection } from '../../domain/rejection.ts';
import type { AsOf } from '../../queries/as-of/as-of.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';

/** A moment of the past. */
@InputType('AsOf', {
  description:
    'A moment that has come, by exactly one of its fields: one that has not come yet is refused with AS_OF_AHEAD.',
})
export class AsOfInput {
  @Field(() => Position, {
    nullable: true,
    description: 'After everything that stands in the log up to this position.',
  })
  readonly position?: bigint | null;

  @IsOptional()
  @IsInt({ message: 'a whole number' })
  @Min(0, { message: 'a revision, from 0' })
  @Field(() => Int, {
    nullable: true,
    description: "After the event with this revision of the execution's stream.",
  })
  readonly revision?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'After everything that was decided up to this time, that millisecond included, by the clocks of the servers. What is decided in the same millisecond as the question can still come to it.',
  })
  readonly at?: number | null;
}

/** How such an argument is described. */
export const AS_OF = {
  type: () => AsOfInput,
  nullable: true,
  description: 'As it was then; as it is now when left out.',
} as const;

/** The moment that an input means; `undefined` for now. Throws `Rejection` (`BAD_USER_INPUT`) unless it has exactly one field. */
export const asOfFrom = (input: AsOfInput | null | undefined): AsOf | undefined => {
  if (input == null) return undefined;
  const { position, revision, at } = input;
  const moments: readonly AsOf[] = [
    ...(position == null ? [] : [{ by: 'position', position } as const]),
    ...(revision == null ? [] : [{ by: 'revision', revision } as const]),
    ...(at == null ? [] : [{ by: 'at', at } as const]),
  ];
  return oneOf(moments, 'exactly one of position, revision and at');
};

/** The only one of the moments. Throws `Rejection` (`BAD_USER_INPUT`) unless there is exactly one. */
export const oneOf = <Moment extends AsOf>(moments: readonly Moment[], expected: string): Moment => {
  const [moment, ...others] = moments;
  if (moment !== undefined && others.length === 0) return moment;
  const found = moments.length === 0 ? 'none of them' : moments.map(({ by }) => by).join(' and ');
  throw new Rejection('BAD_USER_INPUT', `Expected ${expected}, but found ${found}.`, {
    field: 'asOf',
    found,
    expected,
  });
};
