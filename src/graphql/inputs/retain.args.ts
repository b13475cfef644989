import { ArgsType, Field } from '@nestjs/graphql';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { IsArchive, IsNameIfAny } from './checks.ts';

/** Which executions are to be removed. */
@ArgsType()
export class RetainArgs {
  @IsNameIfAny()
  @Field(() => String, {
    nullable: true,
    description:
      'Name of the workflow; when left out all whose definitions say how long they keep executions.',
  })
  readonly workflow?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Those that ended before this; when left out what is older than the definition says.',
  })
  readonly before?: number | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Counts only: nothing is removed.' })
  readonly dryRun!: boolean;
}

/** Which streams are to be given up. */
@ArgsType()
export class TruncateStreamsArgs {
  @IsNameIfAny()
  @Field(() => String, { nullable: true, description: 'Name of the workflow; when left out all.' })
  readonly workflow?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Batches of removed executions that all ended before this, up to the first that has one that did not; when left out all.',
  })
  readonly before?: number | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Counts only: nothing is given up.' })
  readonly dryRun!: boolean;
}

/** Which archive is to be brought back. */
@ArgsType()
export class ImportArchiveArgs {
  @IsArchive()
  @Field(() => String, {
    description:
      'Name of its file, as `retentions` says it, in the folder of archives of the node that is asked.',
  })
  readonly archive!: string;
}
