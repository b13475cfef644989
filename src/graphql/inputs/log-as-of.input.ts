import { Field, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import type { LogMoment } from '../../queries/as-of/as-of.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { oneOf } from './as-of.input.ts';

/** A moment of the past of the whole log. */
@InputType('LogAsOf', {
  description:
    'A moment of the whole log that has come, by exactly one of its fields: one that has not come yet is refused with AS_OF_AHEAD.',
})
export class LogAsOfInput {
  @IsOptional()
  @Field(() => Position, {
    nullable: true,
    description: 'After everything that stands in the log up to this position.',
  })
  readonly position?: bigint | null;

  @IsOptional()
  @Field(() => DateTime, {
    nullable: true,
    description:
      'After everything that stands in the log before the first event that was decided later than this, by the clocks of the servers.',
  })
  readonly at?: number | null;
}

/** How such an argument is described. */
export const LOG_AS_OF = {
  type: () => LogAsOfInput,
  nullable: true,
  description: 'As it was then; as it is now when left out.',
} as const;

/** The moment that an input means; `undefined` for now. Throws `Rejection` (`BAD_USER_INPUT`) unless it has exactly one field. */
export const logMomentFrom = (input: LogAsOfInput | null | undefined): LogMoment | undefined => {
  if (input == null) return undefined;
  const { position, at } = input;
  const moments: readonly LogMoment[] = [
    ...(position == null ? [] : [{ by: 'position', position } as const]),
    ...(at == null ? [] : [{ by: 'at', at } as const]),
  ];
  return oneOf(moments, 'exactly one of position and at');
};
