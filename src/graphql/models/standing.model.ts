import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import { AcceptedModel } from './accepted.model.ts';
import { ExecutionStatuses } from './enums.ts';

/** What all answers say to a call of which the caller has to know what became of it. */
@ObjectType({ isAbstract: true })
export class StandingModel extends AcceptedModel {
  @Field(() => ID, { description: 'The execution.' })
  readonly executionId!: string;

  @Field(() => ExecutionStatuses, { description: 'How it stands.' })
  readonly status!: ExecutionStatus;
}
