import { ArgsType, Field, Int } from '@nestjs/graphql';
import { IsName, IsPageSize } from './checks.ts';
import { WaitArgs } from './query.args.ts';

/** Which schedule is read. */
@ArgsType()
export class ScheduleArgs extends WaitArgs {
  @IsName()
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @IsPageSize()
  @Field(() => Int, { defaultValue: 5, description: 'How many of the next times are wanted, from 1 to 100.' })
  readonly runs!: number;
}
