import { ArgsType, Field, ID, Int } from '@nestjs/graphql';
import type { PageRequest } from '../../queries/page.ts';
import { Position } from '../scalars/position.scalar.ts';
import {
  IsExecutionId,
  IsName,
  IsNameIfAny,
  IsPageSize,
  IsShortText,
  IsSource,
  IsVersionIfAny,
} from './checks.ts';

/** What every query takes. */
@ArgsType()
export class WaitArgs {
  @Field(() => Position, {
    nullable: true,
    description:
      'The answer reflects at least this position, such as a mutation gave; it fails with WAIT_TIMEOUT when that takes too long.',
  })
  readonly waitFor?: bigint | null;
}

/** What a list takes that belongs to something which was waited for. */
@ArgsType()
export class ListArgs {
  @IsPageSize()
  @Field(() => Int, { defaultValue: 20, description: 'The most items wanted, from 1 to 100.' })
  readonly first!: number;

  @IsShortText(1_000)
  @Field(() => String, { nullable: true, description: '`endCursor` of an earlier page of the same list.' })
  readonly after?: string | null;
}

/** What every list takes. */
@ArgsType()
export class PageArgs extends WaitArgs {
  @IsPageSize()
  @Field(() => Int, { defaultValue: 20, description: 'The most items wanted, from 1 to 100.' })
  readonly first!: number;

  @IsShortText(1_000)
  @Field(() => String, { nullable: true, description: '`endCursor` of an earlier page of the same list.' })
  readonly after?: string | null;
}

/** A list of what belongs to an execution. */
@ArgsType()
export class ExecutionPageArgs extends PageArgs {
  @IsExecutionId()
  @Field(() => ID, { description: 'The execution.' })
  readonly executionId!: string;
}

/** Which decisions are listed. */
@ArgsType()
export class ApprovalsArgs extends PageArgs {
  @IsShortText(200)
  @Field(() => String, {
    nullable: true,
    description: 'Only those that name this assignee; decisions that everybody may make name nobody.',
  })
  readonly assignee?: string | null;
}

/** One execution. */
@ArgsType()
export class ExecutionArgs extends WaitArgs {
  @IsExecutionId()
  @Field(() => ID, { description: 'Its id.' })
  readonly id!: string;
}

/** One workflow. */
@ArgsType()
export class WorkflowArgs extends WaitArgs {
  @IsName()
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;
}

/** A definition to check. */
@ArgsType()
export class CheckDefinitionArgs extends WaitArgs {
  @IsSource()
  @Field(() => String, { description: 'The definition: YAML or JSON, at most 1 MiB.' })
  readonly source!: string;
}

/** Two versions of a workflow. */
@ArgsType()
export class DiffDefinitionsArgs {
  @IsName()
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @IsVersionIfAny()
  @Field(() => Int, { description: 'Number of the version before.' })
  readonly from!: number;

  @IsVersionIfAny()
  @Field(() => Int, { description: 'Number of the version after.' })
  readonly to!: number;
}

/** Which counters. */
@ArgsType()
export class CountersArgs {
  @IsNameIfAny()
  @Field(() => String, {
    nullable: true,
    description: 'Name of a workflow; without it all are counted together.',
  })
  readonly workflow?: string | null;

  @IsShortText(100)
  @Field(() => String, {
    defaultValue: 'UTC',
    description: 'The IANA time zone, such as `Europe/Berlin`, that says when today began.',
  })
  readonly timeZone!: string;
}

/** Which counters are watched, and from when on. */
@ArgsType()
export class MonitoringChangedArgs extends CountersArgs {
  @Field(() => Position, {
    nullable: true,
    description:
      'The first counters reflect at least this position, such as the cursor of the last ones; it fails with WAIT_TIMEOUT when that takes too long.',
  })
  readonly after?: bigint | null;
}

/** Which counters are read. */
@ArgsType()
export class MonitoringArgs extends CountersArgs {
  @Field(() => Position, {
    nullable: true,
    description:
      'The answer reflects at least this position; it fails with WAIT_TIMEOUT when that takes too long.',
  })
  readonly waitFor?: bigint | null;
}

/** How many workflows are named. */
@ArgsType()
export class BusiestArgs {
  @IsPageSize()
  @Field(() => Int, { defaultValue: 10, description: 'The most workflows wanted, from 1 to 100.' })
  readonly first!: number;
}

/** What page is asked for. */
export const pageRequest = ({ first, after }: ListArgs): PageRequest => ({
  first,
  after: after ?? undefined,
});
