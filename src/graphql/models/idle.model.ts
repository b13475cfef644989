import { Field, Float, ObjectType } from '@nestjs/graphql';
import type { Idle } from '../../queries/as-of/idle.ts';

/** Time in which nothing happened. */
@ObjectType('IdleTime', { description: 'Time in which nothing happened to an execution.' })
export class IdleModel {
  @Field(() => Float, { description: 'Milliseconds in all.' })
  readonly duration!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'What it waited for the longest: `timer`, `signal`, `approval`, `child`, `queued` (somebody to serve an activity, or to let it be called), `turn` (fewer runs of its workflow), `paused`, `operator` (it had ended, and was taken up again); null when for nothing: no server went on with it.',
  })
  readonly waiting!: Idle['waiting'];
}
