import { ArgsType, Field, Float, ID } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { Position } from '../scalars/position.scalar.ts';
import { IsEventId, IsName, IsNameIfAny, IsShortText } from './checks.ts';

/** How projections are rebuilt. */
@ArgsType()
export class HowToRebuildArgs {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Compares only: the live documents stay as they are, and those beside them go.',
  })
  readonly dryRun!: boolean;

  @IsNumber({}, { message: 'a share from 0.01 to 1' })
  @Min(0.01, { message: 'a share from 0.01 to 1' })
  @Max(1, { message: 'a share from 0.01 to 1' })
  @Field(() => Float, {
    defaultValue: 1,
    description: 'The share of its time that it works, at most, so that others get on.',
  })
  readonly maxShare!: number;

  @Field(() => Boolean, { defaultValue: false, description: 'Compares by category and day, too.' })
  readonly byDay!: boolean;
}

/** How much of the log is counted. */
@ArgsType()
export class LogDaysArgs {
  @Field(() => Position, { nullable: true, description: 'Nothing behind this position; all when left out.' })
  readonly upTo?: bigint | null;
}

/** A projection to rebuild. */
@ArgsType()
export class RebuildProjectionArgs extends HowToRebuildArgs {
  @IsName()
  @Field(() => String, { description: 'Name of the projection.' })
  readonly name!: string;
}

const NAMES = { message: 'a list of 1 to 100 names' };

/** Projections to rebuild together. */
@ArgsType()
export class RebuildProjectionsArgs extends HowToRebuildArgs {
  @IsOptional()
  @ArrayMinSize(1, NAMES)
  @ArrayMaxSize(100, NAMES)
  @Field(() => [String], { nullable: true, description: 'Their names; all when left out.' })
  readonly names?: readonly string[] | null;
}

/** One projection. */
@ArgsType()
export class ProjectionArgs {
  @IsName()
  @Field(() => String, { description: 'Name of the projection.' })
  readonly name!: string;
}

/** An event to park. */
@ArgsType()
export class ParkEventArgs extends ProjectionArgs {
  @IsEventId()
  @Field(() => ID, { description: 'The event that it has stopped at, as its `lastError` names it.' })
  readonly eventId!: string;

  @IsShortText(1_000)
  @Field(() => String, { nullable: true, description: 'Why, for whoever reads its history.' })
  readonly reason?: string | null;
}

/** One projection, or all. */
@ArgsType()
export class ProjectionIfAnyArgs {
  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Name of the projection; all when left out.' })
  readonly name?: string | null;
}
