import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { ProjectionState } from '../../projections/projector.ts';
import { RebuildModel } from './rebuild.model.ts';
import { Position } from '../scalars/position.scalar.ts';
import { BigIntText } from '../scalars/big-int.scalar.ts';

/** How a projection fares. */
export const ProjectionStates: Readonly<Record<Uppercase<ProjectionState>, ProjectionState>> = {
  RUNNING: 'running',
  CATCHING_UP: 'catching_up',
  REBUILDING: 'rebuilding',
  WAITING: 'waiting',
  STOPPED: 'stopped',
};

registerEnumType(ProjectionStates, {
  name: 'ProjectionState',
  description: 'How a projection fares.',
  valuesMap: {
    RUNNING: { description: 'It is up with the log.' },
    CATCHING_UP: { description: 'There is more in the log than it has folded.' },
    REBUILDING: { description: 'It is folded anew beside the live one.' },
    WAITING: { description: 'Its store or its log does not answer; it goes on by itself.' },
    STOPPED: {
      description:
        'It met an event that it cannot fold; it goes on when it is retried, rebuilt or restarted, or the event is parked.',
    },
  },
});

/** What went wrong with a projection. */
@ObjectType('ProjectionFault', {
  description: 'What went wrong with a projection, and at which event when it was one.',
})
export class ProjectionFaultModel {
  @Field(() => String, { description: 'What kind of error it is.' })
  readonly code!: string;

  @Field(() => String, { description: 'What was expected and what was found.' })
  readonly message!: string;

  @Field(() => Position, {
    nullable: true,
    description: 'Where the event stands in the log; everything before it is folded.',
  })
  readonly position!: bigint | null;

  @Field(() => String, { nullable: true, description: 'The stream of the event.' })
  readonly stream!: string | null;

  @Field(() => Int, { nullable: true, description: 'Where the event stands in its stream.' })
  readonly revision!: number | null;

  @Field(() => ID, { nullable: true, description: 'The id of the event.' })
  readonly eventId!: string | null;
}

/** How far a projection is. */
@ObjectType('Projection', { description: 'A view that is folded from the log, and how far it is.' })
export class ProjectionModel {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => Int, { description: 'Version of the code that made its documents; 0 while there are none.' })
  readonly version!: number;

  @Field(() => Int, { description: 'The generation that is live; each rebuild makes the next one.' })
  readonly generation!: number;

  @Field(() => Position, { description: 'Everything up to here is folded.' })
  readonly position!: bigint;

  @Field(() => ProjectionStates, { description: 'How it fares.' })
  readonly state!: ProjectionState;

  @Field(() => Float, {
    nullable: true,
    description:
      'Age of the newest event that it has looked at while there are more, else 0; null when not known.',
  })
  readonly lagSeconds!: number | null;

  @Field(() => BigIntText, {
    nullable: true,
    description: 'Events of the log behind its position; null where the log cannot tell.',
  })
  readonly lagEvents!: number | null;

  @Field(() => Float, {
    description: 'Events looked at a second, over the last ten; those of the rebuild in one.',
  })
  readonly rate!: number;

  @Field(() => Int, {
    description: 'How many events it passes over where it cannot fold them: those that were parked.',
  })
  readonly parked!: number;

  @Field(() => RebuildModel, {
    nullable: true,
    description: 'How far its rebuild is; null while there is none.',
  })
  readonly rebuild!: RebuildModel | null;

  @Field(() => ProjectionFaultModel, { nullable: true, description: 'What went wrong with it last.' })
  readonly lastError!: ProjectionFaultModel | null;
}
