import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { startsOf } from '../domain/emission.ts';
import { ADMISSION, CLOCK, DEFINITIONS, EMISSIONS, EXECUTIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { Admission } from './admission.ts';
import { EmitEvent, type EmittedEvent } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Emissions } from './emissions.ts';
import type { Executions } from './executions.ts';
import { patiently } from './patience.ts';
import { startAllPinned } from './start-pinned.ts';

/** Accepts an event from outside once it is known what that triggers: durable first, then it starts that. */
@CommandHandler(EmitEvent)
export class EmitEventHandler implements ICommandHandler<EmitEvent> {
  readonly #definitions: Definitions;
  readonly #executions: Executions;
  readonly #emissions: Emissions;
  readonly #clock: Clock;
  readonly #admission: Admission;

  constructor(
    @Inject(DEFINITIONS) definitions: Definitions,
    @Inject(EXECUTIONS) executions: Executions,
    @Inject(EMISSIONS) emissions: Emissions,
    @Inject(CLOCK) clock: Clock,
    @Inject(ADMISSION) admission: Admission,
  ) {
    this.#definitions = definitions;
    this.#executions = executions;
    this.#emissions = emissions;
    this.#clock = clock;
    this.#admission = admission;
  }

  execute(command: EmitEvent): Promise<EmittedEvent> {
    return patiently(
      this.#clock,
      this.#admission.admit(() => this.#emit(command)),
    );
  }

  #emit(command: EmitEvent): Promise<EmittedEvent> {
    const { type, caller } = command;
    return this.#emissions.during(async (closing) => {
      // Known first: what an event starts is stored with it, so that it is started whatever ends this process.
      const listening = await Promise.race([this.#definitions.triggeredBy(type), closing]);
      const emitted = await this.#emissions.record(command, startsOf(listening, command.payload));
      // What it starts is given what the log says that it said, which a repeated call need not say again.
      const { eventId, payload, position, starts = startsOf(listening, payload) } = emitted;
      const event = { eventId, type, payload, caller };
      const parts = { definitions: this.#definitions, executions: this.#executions };
      const executions = await startAllPinned(parts, event, starts);
      emitted.settle();
      const last = executions.reduce((latest, { position: at }) => (at > latest ? at : latest), position);
      return { eventId, executions, position: last };
    });
  }
}
