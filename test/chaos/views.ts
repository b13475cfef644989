import { expect } from 'vitest';
import type { ServerProcess } from '../e2e/server-process.ts';
import { KINDS } from './load.ts';

const MEASURED =
  'count errorRate successRate executionTime { avg p95 p99 } slowest { executionId duration failed revision }';

const COUNTED =
  'activeWorkflows averageDuration cancelledToday compensatedToday completedToday failedToday position';

const ALL = `query ($waitFor: Position, $from: DateTime, $to: DateTime) {
  executions(first: 100, orderBy: STARTED_AT_ASC, waitFor: $waitFor) { nodes {
    id definition dueAt duration endedAt errorStep errorType position retries revision startedAt status step
    stepsCompensated stepsCompleted stepsFailed stepsSkipped trigger triggeredBy uncompensated updatedAt waiting workflow
  } }
  workflows(first: 100, waitFor: $waitFor) { nodes { name definition position registeredAt source triggerEvent latestVersion } }
  monitoring(waitFor: $waitFor) { ${COUNTED} }
  ${KINDS.map((kind) => `${kind}: monitoring(workflow: "${kind}", waitFor: $waitFor) { ${COUNTED} }`).join('\n')}
  ${KINDS.map((kind) => `${kind}Times: metrics(workflow: "${kind}", from: $from, to: $to, waitFor: $waitFor) { ${MEASURED} }`).join('\n')}
  ${KINDS.map((kind) => `${kind}Calls: metrics(workflow: "${kind}", activity: "repeatable", from: $from, to: $to, waitFor: $waitFor) { ${MEASURED} }`).join('\n')}
}`;

const TIMELINE = `query ($id: ID!, $waitFor: Position) { timeline(executionId: $id, first: 100, waitFor: $waitFor) { nodes {
  id kind status step activity attempt sequence position startedAt endedAt duration dueAt errorType fallback handled signal
} } }`;

const REBUILD = 'mutation { rebuildProjections { outcomes { projection error { message } } } }';

interface Rebuilt {
  readonly rebuildProjections: { readonly outcomes: readonly { readonly error: unknown }[] };
}

interface Executions {
  readonly executions: { readonly nodes: readonly { readonly id: string }[] };
}

/** One is like another, and each is a query. */
const TIMELINES = 24;

const HOUR = 3_600_000;

/** What the views show, down to their positions: all counters, the first 100 executions, some timelines. */
const shown = async (server: ServerProcess, waitFor: string, now: number): Promise<unknown> => {
  const span = { from: new Date(now - HOUR).toISOString(), to: new Date(now + HOUR).toISOString() };
  const all = await server.query<Executions>(ALL, { waitFor, ...span });
  const timelines: unknown[] = [];
  for (const { id } of all.executions.nodes.slice(0, TIMELINES))
    timelines.push(await server.query(TIMELINE, { id, waitFor }));
  return { all, timelines };
};

/** Expects every view to be what a fold of the whole log from its beginning is. Answers how many there are. */
export const checkViews = async (server: ServerProcess, position: string): Promise<number> => {
  const now = Date.now();
  const before = await shown(server, position, now);
  const { rebuildProjections } = await server.query<Rebuilt>(REBUILD);
  const { outcomes } = rebuildProjections;
  expect(outcomes.filter(({ error }) => error !== null)).toEqual([]);
  expect(await shown(server, position, now)).toEqual(before);
  return outcomes.length;
};
