import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isFinal } from '../domain/execution/lifecycle.ts';
import { Rejection, type RejectionCode } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import { CLOCK, EXECUTIONS } from '../ports/tokens.ts';
import { CancelExecution, type Cancelled } from './cancel-execution.ts';
import type { Executions, LiveExecution } from './executions.ts';
import { patiently } from './patience.ts';

/** Refusals that say how the execution stands, which is what the caller has to know. */
const TOLD: readonly RejectionCode[] = ['EXECUTION_ENDED', 'EXECUTION_COMPENSATING'];

const told = (
  { id, position, state: { status } }: LiveExecution,
  outcome: Cancelled['outcome'],
  changed: boolean,
): Cancelled => {
  if (status === 'none') throw new Error(`Expected ${id} to have been started, but it was not.`);
  return { outcome, executionId: id, status, position, changed };
};

/** Ends executions; that one has ended before, or is being undone, is an answer and no error. */
@CommandHandler(CancelExecution)
export class CancelExecutionHandler implements ICommandHandler<CancelExecution> {
  readonly #executions: Executions;
  readonly #clock: Clock;

  constructor(@Inject(EXECUTIONS) executions: Executions, @Inject(CLOCK) clock: Clock) {
    this.#executions = executions;
    this.#clock = clock;
  }

  execute(command: CancelExecution): Promise<Cancelled> {
    return patiently(this.#clock, this.#cancel(command));
  }

  async #cancel(command: CancelExecution): Promise<Cancelled> {
    const { executionId, how, caller } = command;
    try {
      const { execution, events } = await this.#executions.handle(executionId, how, caller);
      return told(execution, 'cancelled', events.length > 0);
    } catch (error) {
      if (!(error instanceof Rejection && TOLD.includes(error.code))) throw error;
      const now = await this.#executions.reach(executionId, caller);
      if (isFinal(now.state.status)) return told(now, 'already_ended', false);
      // One that had ended may have been retried meanwhile: it is called off like any other.
      return error.code === 'EXECUTION_ENDED' ? this.#cancel(command) : told(now, 'being_undone', false);
    }
  }
}
