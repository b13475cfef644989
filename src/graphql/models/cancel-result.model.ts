import { createUnionType, Field, ObjectType } from '@nestjs/graphql';
import type { Cancelled } from '../../commands/cancel-execution.ts';
import { StandingModel } from './standing.model.ts';

/** An execution that is called off. */
@ObjectType('ExecutionCancelled', {
  description:
    'It is called off: it has ended as `CANCELLED`, or will have once what it did is undone, and is `COMPENSATING` until then.',
})
export class ExecutionCancelledModel extends StandingModel {
  @Field(() => Boolean, { description: 'False when it was so before: nothing was stored.' })
  readonly changed!: boolean;
}

/** An execution that had ended. */
@ObjectType('ExecutionAlreadyEnded', {
  description: 'It had ended before, as its status says, and stays as it is; one that failed can be retried.',
})
export class ExecutionAlreadyEndedModel extends StandingModel {}

/** An execution that is being undone. */
@ObjectType('ExecutionBeingUndone', {
  description:
    'It is being undone for another reason, and goes on with that: wait for its end, or terminate it, which leaves the rest as it is.',
})
export class ExecutionBeingUndoneModel extends StandingModel {}

const MODELS = {
  cancelled: ExecutionCancelledModel,
  already_ended: ExecutionAlreadyEndedModel,
  being_undone: ExecutionBeingUndoneModel,
} as const satisfies Readonly<Record<Cancelled['outcome'], unknown>>;

/** What became of a call to end an execution. */
export const CancelResult = createUnionType({
  name: 'CancelResult',
  description: 'What became of a call to end an execution, for whoever has to decide what comes next.',
  types: () => [ExecutionCancelledModel, ExecutionAlreadyEndedModel, ExecutionBeingUndoneModel] as const,
  resolveType: ({ outcome }: Cancelled) => MODELS[outcome],
});
