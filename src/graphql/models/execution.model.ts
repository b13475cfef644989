import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';
import type { AsOf } from '../../queries/as-of/as-of.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { CompensationModel } from './compensation.model.ts';
import { connectionClass } from './connection.ts';
import { ExecutionStatuses } from './enums.ts';
import { Duration } from '../scalars/duration.scalar.ts';

/** An execution in short. */
@ObjectType('Execution', { description: 'One run of a workflow, in short.' })
export class ExecutionModel {
  @Field(() => ID, { description: 'Its id.' })
  readonly id!: string;

  @Field(() => String, { description: 'Name of its workflow.' })
  readonly workflow!: string;

  @Field(() => String, { description: 'Hash of the definition that it is pinned to.' })
  readonly definition!: string;

  @Field(() => ExecutionStatuses, { description: 'How it stands.' })
  readonly status!: ExecutionStatus;

  @Field(() => String, {
    description:
      '`manual`, the type of the event that started it, `METHOD /path` of the request, or `workflow` when another execution did.',
  })
  readonly trigger!: string;

  @Field(() => String, {
    description: 'What kind of actor started it: `user`, `engine`, `trigger` or `operator`.',
  })
  readonly triggeredBy!: string;

  @Field(() => String, { description: 'Whose it is.' })
  readonly tenant!: string;

  @Field(() => JsonValue, {
    description: 'The attributes that its definition has it found by (`search`), by name.',
  })
  readonly search!: JsonObject;

  @Field(() => [String], { description: 'Its tags.' })
  readonly tags!: readonly string[];

  @Field(() => String, {
    nullable: true,
    description:
      'What is kept for whoever looks into it: `explicit` and `captured` keep inputs and outputs of steps, `sampled` its spans, `unsampled` those only if it fails, `off` nothing; null where nobody has said so.',
  })
  readonly tracing!: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the execution whose child it is.' })
  readonly parentId!: string | null;

  @Field(() => String, { nullable: true, description: 'The step of that execution that has started it.' })
  readonly parentStep!: string | null;

  @Field(() => DateTime, { description: 'When it was started.' })
  readonly startedAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  readonly endedAt!: number | null;

  @Field(() => Duration, { nullable: true, description: 'From its start to its end.' })
  readonly duration!: number | null;

  @Field(() => String, { nullable: true, description: 'The step that is under way.' })
  readonly step!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What that step waits for: `timer`, `signal`, `approval`, `child`, or `queued` while nobody serves its activity.',
  })
  readonly waiting!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When something next comes of itself: a retry, the end of a wait, a time-out.',
  })
  readonly dueAt!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its time is over, or that of its undoing, while it is active.',
  })
  readonly deadline!: number | null;

  @Field(() => Int, { description: 'Steps that completed.' })
  readonly stepsCompleted!: number;

  @Field(() => Int, { description: 'Steps that failed for good and had no fallback.' })
  readonly stepsFailed!: number;

  @Field(() => Int, { description: 'Steps that were skipped.' })
  readonly stepsSkipped!: number;

  @Field(() => Int, { description: 'Steps that were undone.' })
  readonly stepsCompensated!: number;

  @Field(() => Int, { description: 'Attempts that failed and were followed by another.' })
  readonly retries!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Type of the error that ended it or made it compensate.',
  })
  readonly errorType!: string | null;

  @Field(() => String, { nullable: true, description: 'The step of that error.' })
  readonly errorStep!: string | null;

  @Field(() => [String], {
    description:
      'Completed steps that its end left as they are: they could not be undone, or nobody has said yet that they are to be. Of very many the first.',
  })
  readonly uncompensated!: readonly string[];

  @Field(() => Int, { description: 'How many those are.' })
  readonly uncompensatedCount!: number;

  @Field(() => CompensationModel, {
    nullable: true,
    description: 'How far it is undone; null when nothing is to be.',
  })
  readonly compensation!: CompensationModel | null;

  @Field(() => Int, { description: 'Revision of its latest event.' })
  readonly revision!: number;

  @Field(() => DateTime, { description: 'When that event was decided.' })
  readonly updatedAt!: number;

  @Field(() => Position, { description: 'Position of the latest event that this answer reflects.' })
  readonly position!: bigint;
}

/** An execution as its fields are resolved from. */
export type ExecutionParent = ExecutionDocument & {
  readonly parentId: string | null;
  readonly position: bigint;
  readonly compensation: CompensationModel | null;
  /** The moment that its timeline is of; now where there is none. */
  readonly asOf: AsOf | undefined;
};

/** What fields of an execution are resolved from, its timeline as of a moment. */
export const executionFrom = (
  { doc, position }: StoredDocument<ExecutionDocument>,
  asOf?: AsOf,
): ExecutionParent => ({
  ...doc,
  parentId: doc.parent,
  position,
  compensation: doc.undoing,
  asOf,
});

/** A page of executions. */
@ObjectType('ExecutionConnection', { description: 'A page of executions.' })
export class ExecutionConnection extends connectionClass(ExecutionModel, 'Execution', 'executions') {}
