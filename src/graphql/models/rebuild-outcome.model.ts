import { Field, ObjectType } from '@nestjs/graphql';
import { ProjectionFaultModel } from './projection.model.ts';
import { AcceptedModel } from './accepted.model.ts';
import { RebuiltProjectionModel } from './rebuild.model.ts';

/** What came of one projection of several. */
@ObjectType('RebuildOutcome', {
  description: 'What came of one projection of those that were rebuilt together.',
})
export class RebuildOutcomeModel {
  @Field(() => String, { description: 'Name of the projection.' })
  readonly projection!: string;

  @Field(() => RebuiltProjectionModel, { nullable: true, description: 'How it ended; null when it failed.' })
  readonly rebuilt!: RebuiltProjectionModel | null;

  @Field(() => ProjectionFaultModel, { nullable: true, description: 'Why it failed.' })
  readonly error!: ProjectionFaultModel | null;
}

/** What came of several projections. */
@ObjectType('RebuiltProjections', { description: 'What came of projections that were rebuilt together.' })
export class RebuiltProjectionsModel extends AcceptedModel {
  @Field(() => [RebuildOutcomeModel], { description: 'Of each one.' })
  readonly outcomes!: readonly RebuildOutcomeModel[];
}
