import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ADMISSION, CLOCK, DEFINITIONS, EMISSIONS, EXECUTIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { Admission } from './admission.ts';
import { EmitEvent, type EmittedEvent } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Emissions } from './emissions.ts';
import { emit, type Emitting } from './emit.ts';
import type { Executions } from './executions.ts';
import { patiently } from './patience.ts';

/** Accepts an event from outside, and starts what it triggers. */
@CommandHandler(EmitEvent)
export class EmitEventHandler implements ICommandHandler<EmitEvent> {
  readonly #emitting: Emitting;
  readonly #clock: Clock;
  readonly #admission: Admission;

  constructor(
    @Inject(DEFINITIONS) definitions: Definitions,
    @Inject(EXECUTIONS) executions: Executions,
    @Inject(EMISSIONS) emissions: Emissions,
    @Inject(CLOCK) clock: Clock,
    @Inject(ADMISSION) admission: Admission,
  ) {
    this.#emitting = { definitions, executions, emissions };
    this.#clock = clock;
    this.#admission = admission;
  }

  execute(command: EmitEvent): Promise<EmittedEvent> {
    return patiently(
      this.#clock,
      this.#admission.admit(() => emit(this.#emitting, command)),
    );
  }
}
