import { ArgsType, Field, Int } from '@nestjs/graphql';
import { IsName, IsShortText, IsVersionIfAny } from './checks.ts';

/** A workflow that something is decided about. */
@ArgsType()
export class WorkflowChangeArgs {
  @IsName()
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @IsShortText(1_000)
  @Field(() => String, { nullable: true, description: 'Why, for whoever reads its history.' })
  readonly reason?: string | null;
}

/** A version to make the default. */
@ArgsType()
export class SetDefaultVersionArgs extends WorkflowChangeArgs {
  @IsVersionIfAny()
  @Field(() => Int, {
    nullable: true,
    description: 'Number of the version; without it new executions run the latest, whichever that is.',
  })
  readonly version?: number | null;
}

/** What is to be retired, or not any more. */
@ArgsType()
export class RetireWorkflowArgs extends WorkflowChangeArgs {
  @IsVersionIfAny()
  @Field(() => Int, { nullable: true, description: 'Number of a version; the whole workflow without it.' })
  readonly version?: number | null;
}
