import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { BROKEN, endOf, NOTE, register, start } from './workflows.ts';

const text = expect.any(String) as string;
const number = expect.any(Number) as number;
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const position = expect.stringMatching(/^[1-9]\d*$/) as string;

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
  await register(api, NOTE, BROKEN);
});

afterAll(() => api.close());

it('counts and measures', async () => {
  const { executionId } = await start(api, 'broken', {});
  const { executionId: other } = await start(api, 'note');
  // Either may end last.
  const ends = [await endOf(api, other), await endOf(api, executionId)];
  const waitFor = String(Math.max(...ends.map(Number)));
  const FIGURES = `query ($waitFor: Position, $workflow: String!) {
    monitoring(workflow: $workflow, timeZone: "Asia/Tokyo", waitFor: $waitFor) {
      workflow activeWorkflows activeByStatus { queued running compensating paused } busiest { workflow active }
      completedToday failedToday averageDuration currentLoad today { from to } position
    }
    metrics(workflow: $workflow, waitFor: $waitFor) {
      executionTime { avg p95 p99 } count successRate errorRate throughput window { from to }
      slowest { executionId duration failed revision }
      retries reopened breakerOpenings rejections { gate count } waits waitTime { avg p99 }
      failures(first: 3) { errorType count last { executionId revision at } }
    }
    slowestSteps(workflow: $workflow, version: 1, quantile: 0.5, first: 1, waitFor: $waitFor) {
      step activity count executionTime { p50 relativeError } errorRate slowest { executionId }
    }
    execution(id: "${executionId}", waitFor: $waitFor) { status errorType errorStep error { type message } }
  }`;
  const broken = await api.query<Record<'monitoring' | 'metrics' | 'slowestSteps' | 'execution', object>>(
    FIGURES,
    {
      waitFor,
      workflow: 'broken',
    },
  );
  expect(broken.monitoring).toEqual({
    workflow: 'broken',
    activeWorkflows: 0,
    activeByStatus: { queued: 0, running: 0, compensating: 0, paused: 0 },
    busiest: [],
    completedToday: 0,
    failedToday: 1,
    averageDuration: null,
    currentLoad: 'LOW',
    today: { from: time, to: time },
    position,
  });
  expect(broken.metrics).toEqual({
    executionTime: { avg: number, p95: number, p99: number },
    count: 1,
    successRate: 0,
    errorRate: 100,
    throughput: number,
    window: { from: time, to: time },
    slowest: [{ executionId, duration: number, failed: true, revision: number }],
    retries: 0,
    reopened: 0,
    breakerOpenings: 0,
    rejections: [],
    waits: 0,
    waitTime: { avg: null, p99: null },
    failures: [{ errorType: text, count: 1, last: { executionId, revision: number, at: time } }],
  });
  // It failed before anything was called.
  expect(broken.slowestSteps).toEqual([]);
  expect(broken.execution).toEqual({
    status: 'FAILED',
    errorType: text,
    errorStep: 'look',
    error: { type: text, message: text },
  });
  expect(await api.query(FIGURES, { waitFor, workflow: 'note' })).toMatchObject({
    monitoring: { completedToday: 1, failedToday: 0, averageDuration: number },
    metrics: { successRate: 100, errorRate: 0, failures: [] },
    slowestSteps: [{ activity: 'log', executionTime: { p50: number, relativeError: 0.01 }, errorRate: 0 }],
  });
  expect(await api.query('{ metrics(workflow: "note", activity: "log") { count successRate } }')).toEqual({
    metrics: { count: 1, successRate: 100 },
  });
  const { metrics, metricsSeries } = await api.query<{
    metrics: { executionTime: Readonly<Record<string, number>> };
    metricsSeries: readonly { count: number }[];
  }>(
    `{
      metrics(workflow: "note") { executionTime { min p50 p99 max relativeError all: quantile(q: 1) } }
      metricsSeries(workflow: "note", step: "15m") { count executionTime { p50 } window { from to } }
    }`,
  );
  const { min, p50, p99, max, relativeError, all } = metrics.executionTime;
  // Of one there is only one time.
  expect([p50, p99, max, all]).toEqual([min, min, min, min]);
  expect(relativeError).toBe(0.01);
  expect(metricsSeries.length).toBeGreaterThanOrEqual(4);
  expect(metricsSeries.reduce((sum, { count }) => sum + count, 0)).toBe(1);
});
