import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { WorkflowDocument } from '../../projections/workflows.projection.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { connectionClass } from './connection.ts';

/** A workflow as it was registered last. */
@ObjectType('Workflow', { description: 'A workflow as it was registered last.' })
export class WorkflowModel {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => String, { description: 'Hash of its latest definition, which new executions run.' })
  readonly definition!: string;

  @Field(() => Int, { description: 'How many definitions it has had.' })
  readonly versions!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Type of the event that starts it; null when it is only started by hand.',
  })
  readonly triggerEvent!: string | null;

  @Field(() => DateTime, { description: 'When its latest definition was registered.' })
  readonly registeredAt!: number;

  @Field(() => Position, { description: 'Position of the latest event that this answer reflects.' })
  readonly position!: bigint;
}

/** A workflow as its fields are resolved from. */
export type WorkflowParent = WorkflowDocument & { readonly name: string; readonly position: bigint };

/** What fields of a workflow are resolved from. */
export const workflowFrom = ({ doc, position }: StoredDocument<WorkflowDocument>): WorkflowParent => ({
  ...doc,
  name: doc.workflow,
  position,
});

/** A page of workflows. */
@ObjectType('WorkflowConnection', { description: 'A page of workflows.' })
export class WorkflowConnection extends connectionClass(WorkflowModel, 'Workflow', 'workflows') {}
