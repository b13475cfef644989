import { ArgsType, Field, Float, Int } from '@nestjs/graphql';
import { Max, Min } from 'class-validator';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { IsName, IsNameIfAny, IsPageSize, IsVersionIfAny } from './checks.ts';
import { Position } from '../scalars/position.scalar.ts';
import { Duration } from '../scalars/duration.scalar.ts';

const HOUR = 3_600_000;

/** What is measured. */
@ArgsType()
export class MeasuredArgs {
  @IsName()
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @IsNameIfAny()
  @Field(() => String, {
    nullable: true,
    description:
      'An activity: its attempts are measured. Without it whole executions are, or all steps where steps are asked for.',
  })
  readonly activity?: string | null;

  @IsVersionIfAny()
  @Field(() => Int, { nullable: true, description: 'Number of a version; without it all together.' })
  readonly version?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Beginning of the time span, however long ago; an hour before its end when left out. What is there of it is read, so a busy year takes seconds.',
  })
  readonly from?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'End of the time span; now when left out.' })
  readonly to?: number | null;
}

/** What is measured, and what that has to reflect. */
@ArgsType()
export class MetricsArgs extends MeasuredArgs {
  @Field(() => Position, {
    nullable: true,
    description:
      'The answer reflects at least this position, such as a mutation gave; it fails with WAIT_TIMEOUT when that takes too long.',
  })
  readonly waitFor?: bigint | null;
}

/** What is watched of measures, and from when on. */
@ArgsType()
export class MetricsChangedArgs extends MeasuredArgs {
  @Field(() => Position, {
    nullable: true,
    description:
      'The first measures reflect at least this position, such as the cursor of the last ones; it fails with WAIT_TIMEOUT when that takes too long.',
  })
  readonly after?: bigint | null;
}

/** Which quantile. */
@ArgsType()
export class QuantileArgs {
  @Min(0, { message: 'a share from 0 to 1' })
  @Max(1, { message: 'a share from 0 to 1' })
  @Field(() => Float, { description: 'A share from 0 to 1: 0.999 for 99.9 %.' })
  readonly q!: number;
}

/** What is measured, step by step. */
@ArgsType()
export class MetricsSeriesArgs extends MetricsArgs {
  @Field(() => Duration, {
    defaultValue: HOUR,
    description:
      'How long a step is: whole quarters of an hour, such as "15m", "1h" or "P1D"; the time span has at most 1,000.',
  })
  readonly step!: number;
}

/** How many types of errors are named. */
@ArgsType()
export class FailuresArgs {
  @IsPageSize()
  @Field(() => Int, { defaultValue: 10, description: 'The most types wanted, from 1 to 100.' })
  readonly first!: number;
}

/** Which steps are the slowest. */
@ArgsType()
export class SlowestStepsArgs extends MetricsArgs {
  @Min(0, { message: 'a share from 0 to 1' })
  @Max(1, { message: 'a share from 0 to 1' })
  @Field(() => Float, {
    defaultValue: 0.95,
    description: 'What makes a step slow: how long this share of its attempts took at most.',
  })
  readonly quantile!: number;

  @IsPageSize()
  @Field(() => Int, { defaultValue: 10, description: 'The most steps wanted, from 1 to 100.' })
  readonly first!: number;
}
