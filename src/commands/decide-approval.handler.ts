import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { stepOf, type StepState } from '../domain/execution/state.ts';
import { Rejection, type RejectionCode } from '../domain/rejection.ts';
import { CLOCK, EXECUTIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { Json } from '../domain/json.ts';
import type { Caller } from './caller.ts';
import { DecideApproval, type Decided, type Made } from './decide-approval.ts';
import type { Executions, LiveExecution } from './executions.ts';
import { patiently } from './patience.ts';

/** Refusals that say that nobody is asked now, of which the caller has to know why. */
const TOLD: readonly RejectionCode[] = ['APPROVAL_NOT_PENDING', 'EXECUTION_ENDED'];

const standing = ({ id, position, state: { status, workflow } }: LiveExecution, step: string) => {
  if (status === 'none') throw new Error(`Expected ${id} to have been started, but it was not.`);
  return { executionId: id, workflow, step, status, position };
};

/**
 * Hands somebody's decision to the step that waits for it. That another one was made before it, or the same by the same one, or
 * that nobody is asked any more is an answer and no error.
 */
@CommandHandler(DecideApproval)
export class DecideApprovalHandler implements ICommandHandler<DecideApproval> {
  readonly #executions: Executions;
  readonly #clock: Clock;

  constructor(@Inject(EXECUTIONS) executions: Executions, @Inject(CLOCK) clock: Clock) {
    this.#executions = executions;
    this.#clock = clock;
  }

  async execute(command: DecideApproval): Promise<Decided> {
    const by = whoDecides(command.caller, command.by);
    return patiently(this.#clock, this.#decide(command, by));
  }

  async #decide(command: DecideApproval, by: string): Promise<Decided> {
    const { executionId, step, decision, comment, caller } = command;
    try {
      const decided = { type: 'decide_approval', step, decision, by, comment } as const;
      const { execution } = await this.#executions.handle(executionId, decided, caller);
      return { ...standing(execution, step), outcome: 'decided', decision, by, changed: true };
    } catch (error) {
      if (!(error instanceof Rejection && TOLD.includes(error.code))) throw error;
      const now = await this.#executions.reach(executionId, caller);
      const asked = stepOf(now.state, step);
      if (asked?.activity !== 'approval') throw error;
      // It may have been asked again meanwhile.
      if (asked.assignees !== undefined) return this.#decide(command, by);
      const made = madeBy(asked);
      if (made === undefined) return { ...standing(now, step), outcome: 'withdrawn' };
      const isTheSame = made.by === by && made.decision === decision;
      return isTheSame
        ? { ...standing(now, step), outcome: 'decided', decision, by, changed: false }
        : { ...standing(now, step), ...made, outcome: 'already_decided' };
    }
  }
}

/** What a step was completed by, if that was a decision and no operator. */
const madeBy = ({ output }: StepState): (Made & { readonly at: number }) | undefined => {
  const { decision, by, at } = (output ?? {}) as Readonly<Record<string, Json | undefined>>;
  if (decision !== 'approved' && decision !== 'rejected') return undefined;
  return typeof by === 'string' && typeof at === 'string' ? { decision, by, at: Date.parse(at) } : undefined;
};

/** Nobody who is known decides in another's name. Of whom nothing is known says who they are: the actor's `via` tells. */
const whoDecides = ({ actor }: Caller, claimed: string | undefined): string => {
  if (actor.via === 'none') return claimed ?? actor.id;
  if (claimed === undefined || claimed === actor.id) return actor.id;
  throw new Rejection(
    'NOT_AN_ASSIGNEE',
    `Expected ${JSON.stringify(actor.id)} to decide in their own name, but "by" is ${JSON.stringify(claimed)}.`,
    { field: 'by', found: claimed, expected: actor.id },
  );
};
