import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { ApprovalDocument } from '../../projections/approvals.projection.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { connectionClass } from './connection.ts';

/** A decision that is waited for. */
@ObjectType('Approval', { description: 'A decision that a step waits for.' })
export class ApprovalModel {
  @Field(() => ID, { description: 'The execution whose step waits.' })
  readonly executionId!: string;

  @Field(() => String, { description: 'Name of its workflow.' })
  readonly workflow!: string;

  @Field(() => String, { description: 'Path of the step: hand it to `decideApproval`.' })
  readonly step!: string;

  @Field(() => Int, { description: 'How often the step has asked, this time counted.' })
  readonly attempt!: number;

  @Field(() => [String], { description: 'Who may decide; everybody when nobody is named.' })
  readonly assignees!: readonly string[];

  @Field(() => DateTime, { description: 'When it was asked for.' })
  readonly requestedAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it is too late.' })
  readonly dueAt!: number | null;

  @Field(() => Position, { description: 'Position of the latest event that this answer reflects.' })
  readonly position!: bigint;
}

/** What fields of a decision are resolved from. */
export const approvalFrom = ({ doc, position }: StoredDocument<ApprovalDocument>): ApprovalModel => ({
  ...doc,
  position,
});

/** A page of decisions that are waited for. */
@ObjectType('ApprovalConnection', { description: 'A page of decisions that are waited for.' })
export class ApprovalConnection extends connectionClass(ApprovalModel, 'Approval', 'decisions') {}
