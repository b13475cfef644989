/** How many executions of a workflow go on at once, as the registered definitions say that are known here. */
export interface WorkflowLimits {
  /** Of the version that new executions run; `undefined` where it limits none, or only those of each value of a key. */
  mostAtOnce(workflow: string): number | undefined;
}
