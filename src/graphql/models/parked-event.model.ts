import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { ParkedEvent } from '../../projections/parked.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';

/** An event that a projection passes over where it cannot fold it. */
@ObjectType('ParkedEvent', { description: 'An event that a projection passes over where it cannot fold it.' })
export class ParkedEventModel {
  @Field(() => String, { description: 'Name of the projection.' })
  readonly projection!: string;

  @Field(() => ID, { description: 'The id of the event.' })
  readonly eventId!: string;

  @Field(() => String, { description: 'Its type, such as `step.completed`.' })
  readonly type!: string;

  @Field(() => String, { description: 'The stream that it stands in.' })
  readonly stream!: string;

  @Field(() => Int, { description: 'Where it stands in its stream.' })
  readonly revision!: number;

  @Field(() => Position, { description: 'Where it stands in the log.' })
  readonly position!: bigint;

  @Field(() => String, { description: 'What the projection said of it.' })
  readonly error!: string;

  @Field(() => String, { description: 'Why it was parked; empty when nobody said.' })
  readonly reason!: string;

  @Field(() => String, { description: 'Who parked it.' })
  readonly parkedBy!: string;

  @Field(() => DateTime, { description: 'When it was parked.' })
  readonly parkedAt!: number;
}

/** It as the API shows it. */
export const parkedEventFrom = ({ facts, actor, at, reason, error }: ParkedEvent): ParkedEventModel => ({
  projection: facts.projection,
  eventId: facts.event,
  type: facts.type,
  stream: facts.stream,
  revision: facts.revision,
  position: BigInt(facts.position),
  error,
  reason,
  parkedBy: actor.id,
  parkedAt: at,
});
