import { ArgsType, Field, ID, Int } from '@nestjs/graphql';
import type { ApprovalDecision } from '../../domain/execution/approval-events.ts';
import type { Json } from '../../domain/json.ts';
import { ApprovalDecisions } from '../models/enums.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import {
  IsExecutionId,
  IsName,
  IsNotificationId,
  IsShortText,
  IsSource,
  IsStepPath,
  IsTags,
  IsVersionIfAny,
} from './checks.ts';

const KEY =
  'The same key again answers with what it gave the first time: a call that may be repeated should have one.';

/** A definition to register. */
@ArgsType()
export class RegisterWorkflowArgs {
  @IsSource()
  @Field(() => String, { description: 'The definition: YAML or JSON, at most 1 MiB.' })
  readonly source!: string;
}

/** An execution to start. */
@ArgsType()
export class StartExecutionArgs {
  @IsName()
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @IsVersionIfAny()
  @Field(() => Int, {
    nullable: true,
    description: "Number of the version that is to be run; the workflow's default without it.",
  })
  readonly version?: number | null;

  @Field(() => JsonValue, { nullable: true, description: 'What the execution is given as `input`.' })
  readonly input?: Json;

  @IsTags()
  @Field(() => [String], {
    nullable: true,
    description: 'What the execution is to be found by, besides the tags of its definition.',
  })
  readonly tags?: readonly string[] | null;

  @IsShortText(200)
  @Field(() => String, { nullable: true, description: KEY })
  readonly idempotencyKey?: string | null;
}

/** An event to accept. */
@ArgsType()
export class EmitEventArgs {
  @IsName()
  @Field(() => String, { description: 'Its type, such as `ticket:created`.' })
  readonly type!: string;

  @Field(() => JsonValue, {
    nullable: true,
    description: 'What the event says, as `event` of what it starts.',
  })
  readonly payload?: Json;

  @IsShortText(200)
  @Field(() => String, { nullable: true, description: KEY })
  readonly idempotencyKey?: string | null;
}

/** A signal to send. */
@ArgsType()
export class SignalExecutionArgs {
  @IsExecutionId()
  @Field(() => ID, { description: 'The execution.' })
  readonly executionId!: string;

  @IsName()
  @Field(() => String, { description: 'Name of the signal.' })
  readonly signal!: string;

  @Field(() => JsonValue, {
    nullable: true,
    description: 'What the signal says, as `output` of the step that waits.',
  })
  readonly payload?: Json;
}

/** A decision to hand in. */
@ArgsType()
export class DecideApprovalArgs {
  @IsExecutionId()
  @Field(() => ID, { description: 'The execution.' })
  readonly executionId!: string;

  @IsStepPath()
  @Field(() => String, { description: 'Path of the step that waits for it, as `approvals` says.' })
  readonly step!: string;

  @Field(() => ApprovalDecisions, { description: 'What is decided.' })
  readonly decision!: ApprovalDecision;

  @IsShortText(10_000)
  @Field(() => String, { nullable: true, description: 'Why, as `comment` of the step’s output.' })
  readonly comment?: string | null;

  @IsShortText(200)
  @Field(() => String, {
    nullable: true,
    description:
      'Who decides, by the name that assignees are given by, as long as the server does not know its callers: it then believes them. Who is known decides in their own name.',
  })
  readonly by?: string | null;
}

/** A notification to send once more. */
@ArgsType()
export class ResendNotificationArgs {
  @IsNotificationId()
  @Field(() => ID, { description: 'The notification.' })
  readonly id!: string;

  @IsShortText(1_000)
  @Field(() => String, { nullable: true, description: 'Why, for whoever reads its history.' })
  readonly reason?: string | null;
}
