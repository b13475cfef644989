import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Channel } from '../../domain/notification/target.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { NotificationDocument } from '../../projections/notifications.projection.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { connectionClass } from './connection.ts';
import { Channels, NotificationStatuses } from './enums.ts';

/** What fields of a notification are resolved from. */
export type NotificationParent = NotificationDocument & { readonly position: bigint };

/** Somebody who is told of something. */
@ObjectType('Notification', { description: 'Somebody who is told of something, over one channel.' })
export class NotificationModel {
  @Field(() => ID, {
    description: 'Its id, which goes with every attempt: whoever gets it twice can tell.',
  })
  readonly id!: string;

  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => ID, { nullable: true, description: 'The execution that it tells of.' })
  readonly executionId!: string | null;

  @Field(() => String, { nullable: true, description: 'Path of the step that it tells of.' })
  readonly step!: string | null;

  @Field(() => Channels, { description: 'How.' })
  readonly channel!: Channel;

  @Field(() => String, { description: "Who, by the name of the server's configuration." })
  readonly recipient!: string;

  @Field(() => String, {
    description: 'Type of the event that it tells of, or `notify` when a step asked for it.',
  })
  readonly about!: string;

  @Field(() => NotificationStatuses, { description: 'How it stands.' })
  readonly status!: NotificationDocument['status'];

  @Field(() => Int, { description: 'How often it was tried.' })
  readonly attempts!: number;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  readonly requestedAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it is tried next, while it is pending.' })
  readonly dueAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When the channel took it.' })
  readonly sentAt!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What kind of error the last attempt met, unless it was sent.',
  })
  readonly errorType!: string | null;

  @Field(() => Position, { description: 'Position of the latest event that this answer reflects.' })
  readonly position!: bigint;
}

/** What fields of a notification are resolved from. */
export const notificationFrom = ({
  doc,
  position,
}: StoredDocument<NotificationDocument>): NotificationParent & { readonly executionId: string | null } => ({
  ...doc,
  executionId: doc.execution,
  position,
});

/** A page of notifications. */
@ObjectType('NotificationConnection', { description: 'A page of notifications.' })
export class NotificationConnection extends connectionClass(
  NotificationModel,
  'Notification',
  'notifications',
) {}
