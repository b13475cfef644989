import type { Retention } from '../domain/definition/retention.ts';

/** How long executions of workflows are kept, as the registered definitions say that are known here. */
export interface WorkflowRetention {
  /** Of the version that new executions run; `undefined` where it does not say. */
  retention(workflow: string): Retention | undefined;
  /**
   * Resolves once all workflows are known that there are so far, and the one of that name if there is one. Rejects with
   * `UNAVAILABLE` when the server stops before, and as the log does.
   */
  known(workflow?: string): Promise<void>;
  /** Names of all workflows that are known. */
  names(): readonly string[];
}
