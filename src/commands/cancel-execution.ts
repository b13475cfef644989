import { Command } from '@nestjs/cqrs';
import type { Cancel, Terminate } from '../domain/execution/commands.ts';
import type { ExecutionStatus } from '../domain/execution/events.ts';
import type { Caller } from './caller.ts';
import type { Accepted } from './commands.ts';

/** What became of a call to end an execution: it is called off, had ended before, or is being undone and has to be terminated. */
export interface Cancelled extends Accepted {
  readonly outcome: 'cancelled' | 'already_ended' | 'being_undone';
  readonly executionId: string;
  /** How it stands. */
  readonly status: ExecutionStatus;
  /** False when it was so before: nothing was stored. */
  readonly changed: boolean;
}

/** Calls an execution off, or ends it at once. Rejects with `EXECUTION_NOT_FOUND`, `EXECUTION_REMOVED`, `PAYLOAD_TOO_LARGE`. */
export class CancelExecution extends Command<Cancelled> {
  readonly executionId: string;
  readonly how: Cancel | Terminate;
  readonly caller: Caller;

  constructor(executionId: string, how: Cancel | Terminate, caller: Caller) {
    super();
    this.executionId = executionId;
    this.how = how;
    this.caller = caller;
  }
}
