import { Command } from '@nestjs/cqrs';
import type { Retained } from '../ports/retentions.ts';
import type { Caller } from './caller.ts';
import type { Accepted } from './commands.ts';

/** Which executions are to be removed. */
export interface WhatToRetain {
  /** All that say how long they keep executions unless it is given. */
  readonly workflow?: string;
  /** What ended before this (ms since the Unix epoch); what is older than its workflow says unless it is given. */
  readonly before?: number;
  /** Only counts. */
  readonly dryRun: boolean;
}

/** What came of it, workflow by workflow. */
export interface RetainedExecutions extends Accepted {
  readonly workflows: readonly Retained[];
}

/**
 * Removes executions that are kept no longer. Rejects with `WORKFLOW_NOT_FOUND`, `NO_RETENTION`, `BAD_USER_INPUT` for a
 * time to come, `RETENTION_UNDER_WAY`.
 */
export class RetainExecutions extends Command<RetainedExecutions> {
  readonly what: WhatToRetain;
  readonly caller: Caller;

  constructor(what: WhatToRetain, caller: Caller) {
    super();
    this.what = what;
    this.caller = caller;
  }
}
