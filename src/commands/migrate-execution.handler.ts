import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { versionRetired } from '../domain/definition/decide-workflow.ts';
import { reasonsAgainst } from '../domain/execution/operate/migrate.ts';
import type { Clock } from '../ports/clock.ts';
import { CLOCK, DEFINITIONS, EXECUTIONS } from '../ports/tokens.ts';
import { MigrateExecution, type MigratedExecution } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Executions, LiveExecution } from './executions.ts';
import { patiently } from './patience.ts';

/** Lets an execution go on with another version of its workflow, or says whether it could. */
@CommandHandler(MigrateExecution)
export class MigrateExecutionHandler implements ICommandHandler<MigrateExecution> {
  readonly #executions: Executions;
  readonly #definitions: Definitions;
  readonly #clock: Clock;

  constructor(
    @Inject(EXECUTIONS) executions: Executions,
    @Inject(DEFINITIONS) definitions: Definitions,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#executions = executions;
    this.#definitions = definitions;
    this.#clock = clock;
  }

  execute(command: MigrateExecution): Promise<MigratedExecution> {
    return patiently(this.#clock, this.#migrate(command));
  }

  async #migrate({
    executionId: id,
    to: number,
    dryRun,
    reason,
    caller,
  }: MigrateExecution): Promise<MigratedExecution> {
    const before = await this.#executions.reach(id, caller);
    const to = await this.#versionFor(before, number);
    if (dryRun) {
      const { definition, state, position } = before;
      const reasons = reasonsAgainst({ state, context: { executionId: id } }, definition, to);
      return { position, changed: reasons.length === 0 && to.hash !== definition.hash, reasons };
    }
    const command = { type: 'migrate', to, number, reason } as const;
    const { execution, events } = await this.#executions.handle(id, command, caller);
    return { position: execution.position, changed: events.length > 0, reasons: [] };
  }

  async #versionFor({ state: { workflow } }: LiveExecution, number: number) {
    const { definition, isRetired } = await this.#definitions.version(workflow, number);
    if (isRetired) throw versionRetired(workflow, number);
    return this.#definitions.get(workflow, definition);
  }
}
