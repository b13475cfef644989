import type { E, FinalStatus } from './events.ts';

/**
 * What the views have of an execution is taken away, and nothing happens to it any more. `status` is how it ended, and
 * `endedAt` when (ms since the Unix epoch). Its events are in the `archive` of that name, where they were archived.
 */
export type ExecutionRemoved = E<
  'execution.removed',
  {
    readonly workflow: string;
    readonly status: FinalStatus;
    readonly endedAt: number;
    readonly archive?: string;
  }
>;

/**
 * What the views had of a removed execution is there again, as its events and those of these `notifications` (their ids)
 * tell, and it can be asked for anything as before. Its events were found to be those of the `archive` of that name.
 * `status` is how it had ended; events of before that was recorded have none, and count as completed.
 */
export type ExecutionRestored = E<
  'execution.restored',
  {
    readonly workflow: string;
    readonly archive: string;
    readonly status?: FinalStatus;
    readonly notifications: readonly string[];
  }
>;

/**
 * What happened to a removed execution is to be there in brief only: so many `events`, from its first to its removal, in
 * the `batch` of truncations of that number, or in a later one where that was cut off. It cannot be brought back any more,
 * and its stream begins with its removal once that is carried out.
 */
export type ExecutionCondensed = E<
  'execution.condensed',
  { readonly workflow: string; readonly batch: number; readonly events: number }
>;
