import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CLOCK, DEFINITIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import { RegisterWorkflow, type RegisteredWorkflow } from './commands.ts';
import type { Definitions } from './definitions.ts';
import { patiently } from './patience.ts';

/** Registers a version of a workflow. */
@CommandHandler(RegisterWorkflow)
export class RegisterWorkflowHandler implements ICommandHandler<RegisterWorkflow> {
  readonly #definitions: Definitions;
  readonly #clock: Clock;

  constructor(@Inject(DEFINITIONS) definitions: Definitions, @Inject(CLOCK) clock: Clock) {
    this.#definitions = definitions;
    this.#clock = clock;
  }

  execute({ source, caller }: RegisterWorkflow): Promise<RegisteredWorkflow> {
    return patiently(this.#clock, this.#definitions.register(source, caller));
  }
}
