import type { Scheduled } from '../domain/schedule/decide.ts';

/** Which workflows are started by schedules, as the registered definitions say that are known here. */
export interface Scheduling {
  /** The schedule of a workflow; `undefined` when it has none, or nothing starts it any more. */
  scheduled(workflow: string): Scheduled | undefined;
  /** Names of the workflows that have one, or had one. */
  scheduledWorkflows(): readonly string[];
}
