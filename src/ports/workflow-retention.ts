import type { Retention } from '../domain/definition/retention.ts';

/** How long executions of workflows are kept, as the registered definitions say that are known here. */
export interface WorkflowRetention {
  /** Of the version that new executions run; `undefined` where it does not say. */
  retention(workflow: string): Retention | undefined;
  /** Names of all workflows. */
  names(): readonly string[];
}
