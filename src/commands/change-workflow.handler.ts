import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CLOCK, DEFINITIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import { ChangeWorkflow, type Accepted } from './commands.ts';
import type { Definitions } from './definitions.ts';
import { patiently } from './patience.ts';

/** Changes what new executions of a workflow run. */
@CommandHandler(ChangeWorkflow)
export class ChangeWorkflowHandler implements ICommandHandler<ChangeWorkflow> {
  readonly #definitions: Definitions;
  readonly #clock: Clock;

  constructor(@Inject(DEFINITIONS) definitions: Definitions, @Inject(CLOCK) clock: Clock) {
    this.#definitions = definitions;
    this.#clock = clock;
  }

  execute({ workflow, change, caller }: ChangeWorkflow): Promise<Accepted> {
    return patiently(this.#clock, this.#definitions.change(workflow, change, caller));
  }
}
