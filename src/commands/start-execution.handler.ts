import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.ts';
import { executionIdOf } from '../domain/uuid.ts';
import { ADMISSION, CLOCK, DEFINITIONS, EXECUTIONS, IDS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Admission } from './admission.ts';
import { startedBy } from './caller.ts';
import { StartExecution, type StartedExecution } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Executions } from './executions.ts';
import { patiently } from './patience.ts';

/** Starts an execution of a workflow. */
@CommandHandler(StartExecution)
export class StartExecutionHandler implements ICommandHandler<StartExecution> {
  readonly #definitions: Definitions;
  readonly #executions: Executions;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #admission: Admission;

  constructor(
    @Inject(DEFINITIONS) definitions: Definitions,
    @Inject(EXECUTIONS) executions: Executions,
    @Inject(CLOCK) clock: Clock,
    @Inject(IDS) ids: Ids,
    @Inject(ADMISSION) admission: Admission,
  ) {
    this.#definitions = definitions;
    this.#executions = executions;
    this.#clock = clock;
    this.#ids = ids;
    this.#admission = admission;
  }

  execute(command: StartExecution): Promise<StartedExecution> {
    return patiently(
      this.#clock,
      this.#admission.admit(() => this.#start(command)),
    );
  }

  async #start(asked: StartExecution): Promise<StartedExecution> {
    const { workflow, idempotencyKey } = asked;
    const id = idempotencyKey === undefined ? this.#ids.next() : executionIdOf(workflow, idempotencyKey);
    try {
      return await this.#startAs(id, asked);
    } catch (error) {
      // What a key has started is there, whatever the workflow has come to since.
      if (idempotencyKey === undefined || !isOfWorkflow(error)) throw error;
      const started = await this.#executions.load(id);
      if (started === undefined) throw error;
      return { executionId: id, created: false, position: started.position };
    }
  }

  async #startAs(
    id: string,
    { workflow, version, input, caller, trigger: { name: trigger, event } }: StartExecution,
  ): Promise<StartedExecution> {
    const definition = await this.#definitions.startable(workflow, version);
    const problems = definition.checkInput(input);
    if (problems.length > 0) {
      throw new Rejection(
        'INVALID_INPUT',
        `Expected an input that "${workflow}" takes, but ${problems.join('; ')}.`,
        { field: 'input', problems },
      );
    }
    const command = { type: 'start', id, trigger, input, event, ...startedBy(caller) } as const;
    const { execution, events } = await this.#executions.start(id, definition, command, caller);
    return { executionId: id, created: events.length > 0, position: execution.position };
  }
}

/** Whether a start is refused for what the workflow is now, which may have been otherwise. */
const isOfWorkflow = (error: unknown): boolean =>
  error instanceof Rejection &&
  ['VERSION_NOT_FOUND', 'WORKFLOW_RETIRED', 'VERSION_RETIRED', 'INVALID_INPUT'].includes(error.code);
