import type { Api } from './api.ts';
import { duration, percent } from './format.ts';
import { tableOf } from './table.ts';

const FIGURES = `query ($workflow: String!, $timeZone: String!, $waitFor: Position) {
  monitoring(workflow: $workflow, timeZone: $timeZone, waitFor: $waitFor) {
    activeWorkflows completedToday failedToday compensatedToday averageDuration currentLoad
  }
  all: metrics(workflow: $workflow, waitFor: $waitFor) { ...Figures }
  notify_team: metrics(workflow: $workflow, activity: "notify_team", waitFor: $waitFor) { ...Figures }
  assign_agent: metrics(workflow: $workflow, activity: "assign_agent", waitFor: $waitFor) { ...Figures }
  set_sla: metrics(workflow: $workflow, activity: "set_sla", waitFor: $waitFor) { ...Figures }
  tell_customer: metrics(workflow: $workflow, activity: "tell_customer", waitFor: $waitFor) { ...Figures }
}
fragment Figures on Metrics { count executionTime { avg p95 p99 } successRate errorRate throughput }`;

interface Measured {
  readonly count: number;
  readonly executionTime: {
    readonly avg: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
  readonly successRate: number | null;
  readonly errorRate: number | null;
  readonly throughput: number;
}

interface Answer extends Readonly<Record<Exclude<string, 'monitoring'>, unknown>> {
  readonly monitoring: {
    readonly activeWorkflows: number;
    readonly completedToday: number;
    readonly failedToday: number;
    readonly compensatedToday: number;
    readonly averageDuration: number | null;
    readonly currentLoad: string;
  };
}

const rowOf = ([name, { count, executionTime, successRate, errorRate }]: readonly [string, Measured]) => [
  name === 'all' ? 'whole execution' : name,
  String(count),
  duration(executionTime.avg),
  duration(executionTime.p95),
  duration(executionTime.p99),
  percent(successRate),
  percent(errorRate),
];

const HEAD = ['of the last hour', 'count', 'avg', 'p95', 'p99', 'success', 'error'];

/** The counters of today and the durations of the last hour, of a workflow and of its activities. */
export const figuresOf = async (
  api: Api,
  workflow: string,
  timeZone: string,
  waitFor: string,
): Promise<readonly [counters: string, metrics: string]> => {
  const { monitoring, ...measured } = await api.query<Answer>(FIGURES, { workflow, timeZone, waitFor });
  const counters = tableOf(
    [
      ['active', 'completed today', 'failed today', 'compensated today', 'average', 'load'],
      [
        String(monitoring.activeWorkflows),
        String(monitoring.completedToday),
        String(monitoring.failedToday),
        String(monitoring.compensatedToday),
        duration(monitoring.averageDuration),
        monitoring.currentLoad.toLowerCase(),
      ],
    ],
    [0, 1, 2, 3, 4],
  );
  const rows = Object.entries(measured as Record<string, Measured>).map(rowOf);
  return [counters, tableOf([HEAD, ...rows], [1, 2, 3, 4, 5, 6])];
};
