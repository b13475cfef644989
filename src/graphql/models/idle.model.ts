import { Field, ObjectType } from '@nestjs/graphql';
import type { Idle } from '../../queries/as-of/idle.ts';
import { Duration } from '../scalars/duration.scalar.ts';

/** Time in which nothing happened. */
@ObjectType('IdleTime', { description: 'Time in which nothing happened to an execution.' })
export class IdleModel {
  @Field(() => Duration, { description: 'All of it.' })
  readonly duration!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'What it waited for the longest: `timer`, `signal`, `approval`, `child`, `queued` (somebody to serve an activity, or to let it be called), `turn` (fewer runs of its workflow), `paused`, `operator` (it had ended, and was taken up again); null when for nothing: no server went on with it.',
  })
  readonly waiting!: Idle['waiting'];
}
