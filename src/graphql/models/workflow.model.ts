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

  @Field(() => String, { description: 'Hash of its latest definition.' })
  readonly definition!: string;

  @Field(() => Int, { description: 'Number of its latest version: they count from 1.' })
  readonly latestVersion!: number;

  @Field(() => Int, {
    description: 'Number of the version that new executions run unless they say otherwise.',
  })
  readonly defaultVersion!: number;

  @Field(() => Boolean, { description: 'Nothing starts it any more; what runs goes on.' })
  readonly retired!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Type of the event that starts its default version; null when it is only started by hand.',
  })
  readonly triggerEvent!: string | null;

  @Field(() => DateTime, { description: 'When its latest definition was registered.' })
  readonly registeredAt!: number;

  @Field(() => Position, { description: 'Position of the latest event that this answer reflects.' })
  readonly position!: bigint;
}

/** A workflow as its fields are resolved from. */
export type WorkflowParent = WorkflowDocument & {
  readonly name: string;
  readonly latestVersion: number;
  readonly defaultVersion: number;
  readonly position: bigint;
};

/** What fields of a workflow are resolved from. */
export const workflowFrom = ({ doc, position }: StoredDocument<WorkflowDocument>): WorkflowParent => ({
  ...doc,
  name: doc.workflow,
  latestVersion: doc.versions,
  defaultVersion: doc.set?.number ?? doc.versions,
  triggerEvent: doc.set === null ? doc.triggerEvent : doc.set.triggerEvent,
  position,
});

/** A page of workflows. */
@ObjectType('WorkflowConnection', { description: 'A page of workflows.' })
export class WorkflowConnection extends connectionClass(WorkflowModel, 'Workflow', 'workflows') {}
