import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ExpressionError, type Definition } from '../domain/definition/definition.ts';
import { keyOf } from '../domain/definition/trigger.ts';
import { Rejection } from '../domain/rejection.ts';
import { executionIdOf } from '../domain/uuid.ts';
import { ADMISSION, CLOCK, DEFINITIONS, EXECUTIONS, IDS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Admission } from './admission.ts';
import { startedBy } from './caller.ts';
import { checkInput } from './check-input.ts';
import { BY_HAND, StartExecution, type StartedExecution } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Executions } from './executions.ts';
import { patiently } from './patience.ts';

/** The key that the definition sees in what starts it; a start by hand is one of its own unless its caller gives it a key. */
const keyIn = (definition: Definition, { trigger, input }: StartExecution): string | undefined => {
  if (trigger === BY_HAND) return undefined;
  try {
    return keyOf(definition, { event: trigger.event, input });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new Rejection('INVALID_INPUT', error.message, { field: 'input', expression: error.expression });
  }
};

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
    const { workflow, version, input, caller, trigger, tags } = asked;
    let key = asked.idempotencyKey;
    try {
      const definition = await this.#definitions.startable(workflow, version);
      key = keyIn(definition, asked) ?? key;
      checkInput(definition, input);
      const id = key === undefined ? this.#ids.next() : executionIdOf(workflow, key, caller.tenant);
      const { name, event } = trigger;
      const what = { id, trigger: name, input, event, ...(tags.length === 0 ? {} : { tags }) };
      const command = { type: 'start', ...what, ...startedBy(caller) } as const;
      const { execution, events } = await this.#executions.start(id, definition, command, caller);
      return { executionId: id, created: events.length > 0, position: execution.position };
    } catch (error) {
      // What a key has started is there, whatever the workflow has come to since.
      if (key === undefined || !isOfWorkflow(error)) throw error;
      const id = executionIdOf(workflow, key, caller.tenant);
      const started = await this.#executions.load(id);
      if (started === undefined) throw error;
      return { executionId: id, created: false, position: started.position };
    }
  }
}

/** Whether a start is refused for what the workflow is now, which may have been otherwise. */
const isOfWorkflow = (error: unknown): boolean =>
  error instanceof Rejection &&
  ['VERSION_NOT_FOUND', 'WORKFLOW_RETIRED', 'VERSION_RETIRED', 'INVALID_INPUT'].includes(error.code);
