import { createUnionType, Field, ObjectType } from '@nestjs/graphql';
import type { Decided } from '../../commands/decide-approval.ts';
import type { ApprovalDecision } from '../../domain/execution/approval-events.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { ApprovalDecisions } from './enums.ts';
import { StandingModel } from './standing.model.ts';

/** What all answers to a decision say. */
@ObjectType({ isAbstract: true })
class AskedModel extends StandingModel {
  @Field(() => String, { description: 'Path of the step.' })
  readonly step!: string;
}

/** What was decided, whether just now or before. */
@ObjectType({ isAbstract: true })
class DecisionModel extends AskedModel {
  @Field(() => ApprovalDecisions, { description: 'What was decided.' })
  readonly decision!: ApprovalDecision;

  @Field(() => String, { description: 'In whose name.' })
  readonly by!: string;
}

/** A decision that holds. */
@ObjectType('ApprovalDecided', { description: 'What was decided holds, and the execution goes on with it.' })
export class ApprovalDecidedModel extends DecisionModel {
  @Field(() => Boolean, {
    description: 'False when the same one had decided the same before: nothing was stored.',
  })
  readonly changed!: boolean;
}

/** A decision that another one was made before. */
@ObjectType('ApprovalAlreadyDecided', {
  description: 'It was decided before, by somebody else or otherwise, and stays so: nothing was stored.',
})
export class ApprovalAlreadyDecidedModel extends DecisionModel {
  @Field(() => DateTime, { description: 'When.' })
  readonly at!: number;
}

/** A decision that nobody is asked for any more. */
@ObjectType('ApprovalWithdrawn', {
  description:
    'Nobody is asked any more: it took too long, or the step or the execution came to its end otherwise. Nothing was stored.',
})
export class ApprovalWithdrawnModel extends AskedModel {}

const MODELS = {
  decided: ApprovalDecidedModel,
  already_decided: ApprovalAlreadyDecidedModel,
  withdrawn: ApprovalWithdrawnModel,
} as const satisfies Readonly<Record<Decided['outcome'], unknown>>;

/** What became of a decision. */
export const DecisionResult = createUnionType({
  name: 'DecisionResult',
  description: 'What became of a decision, for whoever has to decide what comes next.',
  types: () => [ApprovalDecidedModel, ApprovalAlreadyDecidedModel, ApprovalWithdrawnModel] as const,
  resolveType: ({ outcome }: Decided) => MODELS[outcome],
});
