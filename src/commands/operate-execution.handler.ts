import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CLOCK, EXECUTIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import { OperateExecution, type Operated } from './commands.ts';
import type { Executions } from './executions.ts';
import { patiently } from './patience.ts';

/** Does to an execution what an operator asks; an activity that is not wanted any more is told by its signal, and its result ignored. */
@CommandHandler(OperateExecution)
export class OperateExecutionHandler implements ICommandHandler<OperateExecution> {
  readonly #executions: Executions;
  readonly #clock: Clock;

  constructor(@Inject(EXECUTIONS) executions: Executions, @Inject(CLOCK) clock: Clock) {
    this.#executions = executions;
    this.#clock = clock;
  }

  async execute({ executionId, operation, caller }: OperateExecution): Promise<Operated> {
    const handled = this.#executions.handle(executionId, operation, caller);
    const { execution, events } = await patiently(this.#clock, handled);
    return { position: execution.position, changed: events.length > 0 };
  }
}
