import type { RecordedReads } from '../domain/definition/audit.ts';

/** Which reads of workflows' executions are recorded, as the registered definitions say that are known here. */
export interface WorkflowAudit {
  /** Of the version that new executions run; `undefined` where it does not say. */
  recordedReads(workflow: string): RecordedReads | undefined;
  /** Names of all workflows. */
  names(): readonly string[];
}
