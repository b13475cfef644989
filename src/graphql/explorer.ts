import { parse, print } from 'graphql';
import type { GraphiQLOptions } from 'graphql-yoga';

/** Printed as GraphQL prints itself: a field a line fits the editor's width. */
const tab = (what: string, query: string, variables?: object): { query: string; variables?: string } => ({
  query: `# ${what}\n${print(parse(query))}\n`,
  ...(variables === undefined ? {} : { variables: JSON.stringify(variables, null, 2) }),
});

/** The explorer, with an example of each thing that one does first. */
export const EXPLORER: GraphiQLOptions = {
  title: 'Sagalog',
  subscriptionsProtocol: 'WS',
  defaultTabs: [
    tab(
      'What ran last, and how it ended.',
      `
query Latest {
  executions(first: 10) {
    nodes { id workflow status startedAt duration errorType errorStep }
    pageInfo { hasNextPage endCursor }
  }
  monitoring { activeWorkflows completedToday failedToday averageDuration currentLoad }
}`,
    ),
    tab(
      'Everything that happened in one execution.',
      `
query Timeline($id: ID!) {
  timeline(executionId: $id, first: 50) {
    nodes { sequence kind status step attempt startedAt duration input output error { type message } }
  }
}`,
      { id: '' },
    ),
    tab(
      'Emits an event; every workflow whose trigger it meets is started.',
      `
mutation Emit($payload: JSON) {
  emitEvent(type: "ticket:created", payload: $payload) {
    eventId
    position
    executions { executionId created }
  }
}`,
      { payload: { ticket_id: 'T-1', priority: 'high' } },
    ),
    tab(
      'What failed since a time, and why.',
      `
query Failed($from: DateTime!) {
  executions(filter: { status: [FAILED], endedFrom: $from }) {
    totalCount
    nodes { id workflow errorStep endedAt error { type message } }
    pageInfo { hasNextPage endCursor }
  }
}`,
      { from: '2026-01-31T00:00:00Z' },
    ),
    tab(
      'Calls an execution off, and says what became of that.',
      `
mutation Cancel($id: ID!) {
  cancelExecution(executionId: $id, reason: "Not wanted any more") {
    __typename
    ... on ExecutionCancelled { status position }
    ... on ExecutionAlreadyEnded { status }
    ... on ExecutionBeingUndone { status }
  }
}`,
      { id: '' },
    ),
    tab(
      'Events as they happen.',
      `
subscription Live {
  events(filter: { categories: [EXECUTION] }) { position type stream revision at facts }
}`,
    ),
    tab(
      'How long executions took in the last hour.',
      `
query Measures {
  workflows { nodes { name latestVersion triggerEvent } }
  metrics(workflow: "high_priority_ticket") {
    count
    throughput
    successRate
    errorRate
    executionTime { avg p95 p99 }
  }
}`,
    ),
  ],
};
