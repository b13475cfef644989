import { Command } from '@nestjs/cqrs';
import type { Truncated } from '../ports/retentions.ts';
import type { Caller } from './caller.ts';
import type { Accepted } from './commands.ts';

/** Which streams are to be truncated. */
export interface WhatToTruncate {
  /** Of what was removed of all workflows unless it is given. */
  readonly workflow?: string;
  /** Batches all of whose executions ended before this (ms since the Unix epoch); all unless it is given. */
  readonly before?: number;
  /** Only counts. */
  readonly dryRun: boolean;
}

/** What came of it, workflow by workflow. */
export interface TruncatedStreams extends Accepted {
  readonly workflows: readonly Truncated[];
}

/**
 * Gives up the streams of executions that were removed. Rejects with `WORKFLOW_NOT_FOUND`, `BAD_USER_INPUT` for a time to
 * come, `TRUNCATION_UNDER_WAY`, `ARCHIVE_NOT_FOUND`, `ARCHIVE_DAMAGED`, `ARCHIVE_CONFLICT`.
 */
export class TruncateStreams extends Command<TruncatedStreams> {
  readonly what: WhatToTruncate;
  readonly caller: Caller;

  constructor(what: WhatToTruncate, caller: Caller) {
    super();
    this.what = what;
    this.caller = caller;
  }
}
