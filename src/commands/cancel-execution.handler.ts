import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CLOCK, EXECUTIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import { CancelExecution, type Accepted } from './commands.ts';
import type { Executions } from './executions.ts';
import { patiently } from './patience.ts';

/** Ends an execution at once; an activity that is under way is told by its signal, and its result ignored. */
@CommandHandler(CancelExecution)
export class CancelExecutionHandler implements ICommandHandler<CancelExecution> {
  readonly #executions: Executions;
  readonly #clock: Clock;

  constructor(@Inject(EXECUTIONS) executions: Executions, @Inject(CLOCK) clock: Clock) {
    this.#executions = executions;
    this.#clock = clock;
  }

  async execute({ executionId, reason, caller }: CancelExecution): Promise<Accepted> {
    const handled = this.#executions.handle(executionId, { type: 'cancel', reason }, caller);
    const { execution } = await patiently(this.#clock, handled);
    return { position: execution.position };
  }
}
