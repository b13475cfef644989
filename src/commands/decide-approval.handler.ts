import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.ts';
import { CLOCK, EXECUTIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { Caller } from './caller.ts';
import { DecideApproval, type Accepted } from './commands.ts';
import type { Executions } from './executions.ts';
import { patiently } from './patience.ts';

/** Hands somebody's decision to the step that waits for it. */
@CommandHandler(DecideApproval)
export class DecideApprovalHandler implements ICommandHandler<DecideApproval> {
  readonly #executions: Executions;
  readonly #clock: Clock;

  constructor(@Inject(EXECUTIONS) executions: Executions, @Inject(CLOCK) clock: Clock) {
    this.#executions = executions;
    this.#clock = clock;
  }

  async execute(command: DecideApproval): Promise<Accepted> {
    const { executionId, step, decision, comment, caller } = command;
    const by = whoDecides(caller, command.by);
    const decided = { type: 'decide_approval', step, decision, by, comment } as const;
    const { execution } = await patiently(this.#clock, this.#executions.handle(executionId, decided, caller));
    return { position: execution.position };
  }
}

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
