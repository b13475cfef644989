type Variables = Readonly<Record<string, unknown>>;

/** An operation that is asked for over and over, as consoles ask for it: each time with the next variables in turn. */
export interface Operation {
  readonly name: 'timeline' | 'executions' | 'monitoring';
  readonly query: string;
  readonly variables: readonly Variables[];
  /** The argument that tells apart what it answers, and the variable that it comes by. */
  readonly by?: string;
}

/** The text of each request for an operation. */
export const bodiesOf = ({ query, variables }: Pick<Operation, 'query' | 'variables'>): readonly string[] =>
  variables.map((given) => JSON.stringify({ query, variables: given }));

const TIMELINE = `query Timeline($executionId: ID!) {
  timeline(executionId: $executionId, first: 20) {
    nodes { id sequence kind status step activity attempt startedAt endedAt duration errorType }
    pageInfo { hasNextPage endCursor }
  }
}`;

const EXECUTIONS = `query Executions($workflow: String!, $after: String) {
  executions(filter: { workflow: $workflow }, first: 20, after: $after) {
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

/** A request for a page of executions, which the next one goes on behind. */
export const executionsBehind = (workflow: string, after: string | null): Omit<Operation, 'name'> => ({
  query: EXECUTIONS,
  variables: [{ workflow, after }],
});

/** A page of the timeline of each of some executions, pages of the executions of a workflow, and the counters. */
export const operationsOn = (
  ids: readonly string[],
  workflow: string,
  pages: readonly (string | null)[],
): readonly Operation[] => [
  {
    name: 'timeline',
    query: TIMELINE,
    variables: ids.map((executionId) => ({ executionId })),
    by: 'executionId',
  },
  {
    name: 'executions',
    query: EXECUTIONS,
    variables: pages.map((after) => ({ workflow, after })),
    by: 'after',
  },
  { name: 'monitoring', query: MONITORING, variables: [{}] },
];
