import { Command } from '@nestjs/cqrs';
import type { ApprovalDecision } from '../domain/execution/approval-events.ts';
import type { ExecutionStatus } from '../domain/execution/events.ts';
import type { Caller } from './caller.ts';
import type { Accepted } from './commands.ts';

interface Standing extends Accepted {
  readonly executionId: string;
  readonly workflow: string;
  /** The step's path. */
  readonly step: string;
  /** How the execution stands. */
  readonly status: ExecutionStatus;
}

/** A decision that holds, and whose it is. */
export interface Made {
  readonly decision: ApprovalDecision;
  readonly by: string;
}

/** What became of a decision: it holds, another one was made before it, or nobody is asked for one any more. */
export type Decided =
  | (Standing &
      Made & {
        readonly outcome: 'decided';
        /** False when the same one had decided the same before: nothing was stored. */
        readonly changed: boolean;
      })
  | (Standing &
      Made & {
        readonly outcome: 'already_decided';
        /** When, ms since the Unix epoch. */
        readonly at: number;
      })
  | (Standing & { readonly outcome: 'withdrawn' });

/**
 * Decides what a step waits for. Rejects with `EXECUTION_NOT_FOUND`, `EXECUTION_REMOVED`, `NOT_AN_ASSIGNEE`, `PAYLOAD_TOO_LARGE`,
 * and where nobody was ever asked with `APPROVAL_NOT_PENDING` or `EXECUTION_ENDED`.
 */
export class DecideApproval extends Command<Decided> {
  readonly executionId: string;
  /** The step's path. */
  readonly step: string;
  readonly decision: ApprovalDecision;
  readonly comment: string;
  /** In whose name, where callers are not known; who is known decides in their own. */
  readonly by: string | undefined;
  readonly caller: Caller;

  constructor(
    executionId: string,
    step: string,
    decision: ApprovalDecision,
    comment: string,
    by: string | undefined,
    caller: Caller,
  ) {
    super();
    this.executionId = executionId;
    this.step = step;
    this.decision = decision;
    this.comment = comment;
    this.by = by;
    this.caller = caller;
  }
}
