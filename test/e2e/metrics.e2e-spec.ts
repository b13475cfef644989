import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { BROKEN, endOf, NOTE, register, start } from './workflows.ts';

const RETRIED = `execution:
  workflow: retried
  activities:
    - name: call
      activity: http
      input: { method: GET, url: 'http://127.0.0.1:9/' }
      retry: { max_attempts: 3, backoff: { initial: 1ms } }
      fallback: { activity: skip }
`;

/** The figures by their names with labels, as Prometheus would read them. */
const figuresOf = async (api: ServedApi): Promise<ReadonlyMap<string, number>> => {
  const { status, body } = await api.get('/metrics');
  expect(status).toBe(200);
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, name = '', value = ''] = /^([a-z_]+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
      if (name === '') throw new Error(`Expected a figure, but found: ${line}`);
      return [name, Number(value)];
    }),
  );
};

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
  await register(api, NOTE, BROKEN, RETRIED);
});

afterAll(() => api.close());

describe('the figures of a server', () => {
  it('count executions, steps and retries by workflow, activity and outcome', async () => {
    for (const workflow of ['note', 'note', 'broken', 'retried']) {
      const { executionId } = await start(api, workflow);
      await endOf(api, executionId);
    }
    const figures = await figuresOf(api);
    const expected = {
      'sagalog_executions_started_total{workflow="note"}': 2,
      'sagalog_execution_duration_seconds_count{workflow="note",status="completed"}': 2,
      'sagalog_execution_duration_seconds_count{workflow="broken",status="failed"}': 1,
      'sagalog_step_duration_seconds_count{workflow="note",activity="log",outcome="completed"}': 2,
      'sagalog_step_retries_total{workflow="retried",activity="http"}': 2,
      'sagalog_step_duration_seconds_count{workflow="retried",activity="http",outcome="retried"}': 2,
      'sagalog_step_duration_seconds_count{workflow="retried",activity="http",outcome="failed"}': 1,
      'sagalog_events_appended_total{type="execution.started"}': 4,
      'sagalog_events_appended_total{type="workflow.registered"}': 3,
      sagalog_busy: 0,
    };
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, figures.get(name)]))).toEqual(
      expected,
    );
    const appended = [...figures].filter(([name]) =>
      name.startsWith('sagalog_log_append_duration_seconds_count'),
    );
    expect(appended.map(([name]) => name)).toEqual([
      'sagalog_log_append_duration_seconds_count{outcome="ok"}',
    ]);
    expect(figures.get('sagalog_process_memory_bytes')).toBeGreaterThan(0);
  });

  it('tell operations of the API apart by kind and by the code of what went wrong', async () => {
    const before = await figuresOf(api);
    await api.query('{ monitoring { activeWorkflows } }');
    await api.refusal('{ metrics(workflow: "nobody") { count } }');
    await api.refusal('mutation { startExecution(workflow: "nobody") { executionId } }');
    const after = await figuresOf(api);
    const more = (operation: string, outcome: string): number => {
      const name = `sagalog_graphql_operation_duration_seconds_count{operation="${operation}",outcome="${outcome}"}`;
      return (after.get(name) ?? 0) - (before.get(name) ?? 0);
    };
    expect([
      more('query', 'ok'),
      more('query', 'workflow_not_found'),
      more('mutation', 'workflow_not_found'),
      more('mutation', 'ok'),
    ]).toEqual([1, 1, 1, 0]);
  });

  it('show every projection in one state, where it is and how far it is behind', async () => {
    const figures = await figuresOf(api);
    const { projections } = await api.query<{ projections: { name: string; position: string }[] }>(
      '{ projections { name position } }',
    );
    for (const { name, position } of projections) {
      const figure = (what: string) => figures.get(`sagalog_projection_${what}{projection="${name}"}`);
      expect([figure('position'), figure('events_behind'), figure('parked_events')]).toEqual([
        Number(position),
        0,
        0,
      ]);
      expect(figure('events_per_second')).toBeGreaterThanOrEqual(0);
      const states = [...figures].filter(([key]) =>
        key.startsWith(`sagalog_projection_state{projection="${name}"`),
      );
      expect([name, states.length, states.filter(([, value]) => value === 1).length]).toEqual([name, 5, 1]);
      expect(figure('lag_seconds')).toBeGreaterThanOrEqual(0);
    }
  });

  it('name no execution and nothing of a payload', async () => {
    const { executionId } = await start(api, 'note', { secret: 'open-sesame' });
    await endOf(api, executionId);
    const { body } = await api.get('/metrics');
    expect(body).not.toContain(executionId);
    expect(body).not.toContain('sesame');
  });
});
