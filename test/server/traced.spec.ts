import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startTelemetry } from '../../src/adapters/telemetry/telemetry.ts';
import { tracedActivities } from '../../src/adapters/telemetry/traced-activities.ts';
import { tracedEventLog } from '../../src/adapters/telemetry/traced-event-log.ts';
import { readConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { collector } from './collected.ts';
import { ask } from './open-server.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

const REGISTER = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }';

const child = (url: string): string =>
  `execution: { workflow: part, activities: [{ name: call, activity: http, input: { url: '${url}/part' } }] }`;
const parent = (url: string): string => `execution:
  workflow: whole
  activities:
    - { name: call, activity: http, input: { url: '${url}/whole' } }
    - { name: rest, workflow: { name: part, wait: true } }
`;

type Spans = readonly {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}[];

/** Everything of one kind in what a collector got: spans or records, wherever they stand. */
const allOf = <T>(bodies: readonly string[], key: string): T[] =>
  bodies.flatMap((body) => {
    const found: T[] = [];
    JSON.parse(body, (name, value: unknown) => {
      if (name === key) found.push(...(value as T[]));
      return value;
    });
    return found;
  });

it('a request is one trace, from whoever made it to the calls of what it has started', async () => {
  const [collected, called] = await Promise.all([collector(), collector()]);
  const folder = temporaryFolder();
  const recorders = join(folder, 'recorders.yaml');
  writeFileSync(recorders, `collector: { otlp_logs: { url: '${collected.url}/v1/logs' } }\n`);
  const telemetry = await startTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: collected.url });
  onTestFinished(async () => void (await telemetry.stop()));
  const { spans, tracer } = telemetry;
  if (spans === undefined || tracer === undefined) throw new Error('Expected telemetry that is on.');
  const server = await startServer({
    config: readConfig({ SAGALOG_DATA: folder, SAGALOG_RECORDERS: recorders, PORT: '0' }),
    logger: keepingLogger(),
    recorders: [spans],
    decorations: { log: (log) => tracedEventLog(log, tracer), activities: tracedActivities },
    development: false,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= server.close());
  onTestFinished(close);
  await server.started;
  for (const source of [child(called.url), parent(called.url)]) await ask(server, REGISTER, { source });
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${TRACE}-${CALLER}-01` },
    body: JSON.stringify({ query: 'mutation { startExecution(workflow: "whole") { executionId } }' }),
  });
  const { data } = (await answer.json()) as { data: { startExecution: { executionId: string } } };
  const id = data.startExecution.executionId;
  await server.core.engine.ended(id);

  // What was called is told which span of which trace it is called in.
  const parents = called.got.map(({ path, headers }) => {
    const [, trace, span] = String(headers['traceparent']).split('-');
    return { path, trace, span };
  });
  expect(parents.map(({ path, trace }) => [path, trace])).toEqual([
    ['/whole', TRACE],
    ['/part', TRACE],
  ]);
  const bodiesOf = (path: string) => collected.got.filter((got) => got.path === path).map(({ body }) => body);
  const spansOf = (): Spans => allOf(bodiesOf('/v1/traces'), 'spans');
  await expect.poll(() => spansOf().filter(({ name }) => name === 'workflow.execute').length).toBe(2);
  const steps = spansOf().filter(({ name }) => name === 'workflow.step.call');
  expect(new Set(steps.map(({ spanId }) => spanId))).toEqual(new Set(parents.map(({ span }) => span)));
  expect(spansOf().find(({ name }) => name === 'workflow.trigger.manual')?.parentSpanId).toBe(CALLER);
  const rest = spansOf().find(({ name }) => name === 'workflow.step.rest');
  expect(spansOf().find(({ name }) => name === 'workflow.trigger.workflow')?.parentSpanId).toBe(rest?.spanId);

  // Every event of the run says the trace in its metadata, and every record of it in the collector's logs.
  const events = await server.core.log.read(`execution-${id}`);
  const traceOf = (traceparent: string | undefined) => traceparent?.split('-')[1];
  expect(new Set(events.map(({ commit }) => traceOf(commit.metadata.traceparent)))).toEqual(new Set([TRACE]));
  const logsOf = () =>
    allOf<{ readonly traceId?: string; readonly attributes: unknown }>(
      bodiesOf('/v1/logs'),
      'logRecords',
    ).filter(({ attributes }) => JSON.stringify(attributes).includes(`execution-${id}`));
  await expect.poll(() => logsOf().length).toBe(events.length);
  expect(new Set(logsOf().map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));

  await close();
  await telemetry.stop();
  const appends = spansOf().filter(({ name }) => name === 'log.append');
  expect(appends.filter(({ traceId }) => traceId === TRACE).length).toBeGreaterThan(events.length / 2);
});
