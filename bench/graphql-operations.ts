/** An operation that is asked for over and over, as a console asks for it. */
export interface Operation {
  readonly name: 'timeline' | 'executions' | 'monitoring';
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const TIMELINE = `query Timeline($id: ID!) {
  timeline(executionId: $id, first: 20) {
    nodes { id sequence kind status step activity attempt startedAt endedAt duration errorType }
    pageInfo { hasNextPage endCursor }
  }
}`;

const EXECUTIONS = `query Executions($workflow: String!) {
  executions(filter: { workflow: $workflow }, first: 20) {
    nodes { id workflow status trigger startedAt endedAt duration stepsCompleted stepsFailed retries errorType }
    pageInfo { hasNextPage endCursor }
  }
}`;

const MONITORING = `query Monitoring {
  monitoring {
    activeWorkflows
    activeByStatus { queued running compensating paused }
    completedToday failedToday cancelledToday compensatedToday averageDuration currentLoad
    today { from to }
    busiest { workflow active }
  }
}`;

/** A page of the timeline of an execution, the newest executions of a workflow, and the counters. */
export const operationsOn = (id: string, workflow: string): readonly Operation[] => [
  { name: 'timeline', query: TIMELINE, variables: { id } },
  { name: 'executions', query: EXECUTIONS, variables: { workflow } },
  { name: 'monitoring', query: MONITORING, variables: {} },
];
