import type { WorkflowVersion } from '../domain/definition/workflow.ts';

/** The versions of workflows that were registered. */
export interface RegisteredVersions {
  /** The version of that number, retired or not. Rejects with `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`. */
  version(workflow: string, number: number): Promise<WorkflowVersion>;
}
