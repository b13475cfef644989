import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Definition } from '../domain/definition/definition.ts';
import { matches } from '../domain/definition/trigger.ts';
import { executionIdOf } from '../domain/uuid.ts';
import { ADMISSION, CLOCK, DEFINITIONS, EMISSIONS, EXECUTIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { Admission } from './admission.ts';
import { EmitEvent, type EmittedEvent, type StartedExecution } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Emissions, Emitted } from './emissions.ts';
import type { Executions } from './executions.ts';
import { patiently } from './patience.ts';

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

  async #emit(command: EmitEvent): Promise<EmittedEvent> {
    // Known first: an event that is durable while nobody can say what it starts would start nothing if this process ended.
    const listening = await this.#definitions.triggeredBy(command.type);
    return this.#emissions.during(() => this.#accept(command, listening));
  }

  async #accept(command: EmitEvent, listening: readonly Definition[]): Promise<EmittedEvent> {
    // What it starts is given what the log says that it said, which a repeated call need not say again.
    const emitted = await this.#emissions.record(command);
    const { eventId, payload, position } = emitted;
    const met = listening.filter(({ trigger }) => trigger !== undefined && matches(trigger, payload));
    const executions = await Promise.all(met.map((definition) => this.#start(definition, emitted, command)));
    const last = executions.reduce((latest, { position: at }) => (at > latest ? at : latest), position);
    return { eventId, executions, position: last };
  }

  async #start(
    definition: Definition,
    { eventId, payload }: Emitted,
    { type, caller }: EmitEvent,
  ): Promise<StartedExecution> {
    const id = executionIdOf(definition.workflow, eventId);
    const command = { type: 'start', id, trigger: type, input: null, event: payload } as const;
    const { execution, events } = await this.#executions.start(id, definition, command, caller);
    return { executionId: id, created: events.length > 0, position: execution.position };
  }
}
