import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Json } from '../../domain/json.ts';
import type { Lag } from '../feed/cursor.ts';
import { Position } from '../scalars/position.scalar.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { connectionClass } from './connection.ts';
import { LagModel } from './lag.model.ts';

/** The commit that an event was appended in. */
@ObjectType('Commit', {
  description: 'What was appended together with an event, and the link of the hash chain.',
})
export class CommitModel {
  @Field(() => Int, { description: "Revision of the commit's first event." })
  readonly revision!: number;

  @Field(() => Int, { description: 'How many events it has.' })
  readonly size!: number;

  @Field(() => String, {
    description: 'Hash of the commit: it covers its events, its metadata and the commit before.',
  })
  readonly hash!: string;

  @Field(() => String, { description: "Hash of the stream's commit before; empty for the first." })
  readonly previous!: string;
}

/** An event as it stands in the log. */
@ObjectType('Event', { description: 'An event as it stands in the log.' })
export class EventModel {
  @Field(() => ID, { description: 'Its id.' })
  readonly id!: string;

  @Field(() => Position, { description: 'Where it stands in the whole log; `after` of a subscription.' })
  readonly position!: bigint;

  @Field(() => String, { description: 'The stream that it stands in.' })
  readonly stream!: string;

  @Field(() => Int, { description: 'Where it stands in its stream, from 0.' })
  readonly revision!: number;

  @Field(() => String, { description: 'Its type, such as `step.completed`.' })
  readonly type!: string;

  @Field(() => JsonValue, {
    description: 'Names, numbers, times (milliseconds) and statuses: what views are made from.',
  })
  readonly facts!: Json;

  @Field(() => CommitModel, { description: 'The commit that it was appended in.' })
  readonly commit!: CommitModel;

  @Field(() => LagModel, {
    nullable: true,
    description:
      'Of a subscription: set while its client is so slow that it is more than 1,000 events behind; null otherwise.',
  })
  readonly lagging?: Lag | null;
}

/** A page of events. */
@ObjectType('EventConnection', { description: 'A page of events.' })
export class EventConnection extends connectionClass(EventModel, 'Event', 'events') {}
