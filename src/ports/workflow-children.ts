/** Which workflows wait for which others, as the registered definitions say. */
export interface WorkflowChildren {
  /** Those that the latest version of a workflow waits for; `undefined` when none of that name is registered. */
  childrenOf(workflow: string): readonly string[] | undefined;
}
