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
