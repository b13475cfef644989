import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CLOCK, EXECUTIONS } from '../ports/tokens.ts';
import type { Clock } from '../ports/clock.ts';
import { SignalExecution, type Accepted } from './commands.ts';
import type { Executions } from './executions.ts';
import { patiently } from './patience.ts';

/** Hands a signal to an execution: it wakes the step that waits for it, or is kept for one. */
@CommandHandler(SignalExecution)
export class SignalExecutionHandler implements ICommandHandler<SignalExecution> {
  readonly #executions: Executions;
  readonly #clock: Clock;

  constructor(@Inject(EXECUTIONS) executions: Executions, @Inject(CLOCK) clock: Clock) {
    this.#executions = executions;
    this.#clock = clock;
  }

  async execute({ executionId, signal, payload, caller }: SignalExecution): Promise<Accepted> {
    const handled = this.#executions.handle(executionId, { type: 'signal', signal, payload }, caller);
    const { execution } = await patiently(this.#clock, handled);
    return { position: execution.position };
  }
}
