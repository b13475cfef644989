import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { VersionDocument } from '../../projections/versions.projection.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { connectionClass } from './connection.ts';
import type { WorkflowParent } from './workflow.model.ts';

/** A version of a workflow. */
@ObjectType('WorkflowVersion', { description: 'A version of a workflow.' })
export class VersionModel {
  @Field(() => Int, { description: 'Its number, from 1.' })
  readonly number!: number;

  @Field(() => String, { description: 'Hash of its definition.' })
  readonly hash!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Type of the event that starts it; null when it is only started by hand.',
  })
  readonly triggerEvent!: string | null;

  @Field(() => DateTime, { description: 'When it was registered.' })
  readonly registeredAt!: number;

  @Field(() => Boolean, { description: 'New executions run it unless they say otherwise.' })
  readonly isDefault!: boolean;

  @Field(() => Boolean, {
    description: 'Nothing starts it any more; what runs goes on. A retired workflow is not said here.',
  })
  readonly retired!: boolean;
}

/** A version as its fields are resolved from. */
export type VersionParent = VersionModel & { readonly stream: string; readonly revision: number };

/** What fields of a version of a workflow are resolved from. */
export const versionFrom =
  ({ defaultVersion }: WorkflowParent) =>
  ({ doc }: StoredDocument<VersionDocument>): VersionParent => ({
    ...doc,
    hash: doc.definition,
    isDefault: doc.number === defaultVersion,
  });

/** A page of versions. */
@ObjectType('WorkflowVersionConnection', { description: 'A page of versions.' })
export class VersionConnection extends connectionClass(VersionModel, 'WorkflowVersion', 'versions') {}
