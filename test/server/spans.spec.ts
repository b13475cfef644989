import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startTelemetry } from '../../src/adapters/telemetry/telemetry.ts';
import { readConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { ask } from './open-server.ts';

const SOURCE = 'execution:\n  workflow: note\n  activities: [{ name: log, input: { message: hello } }]\n';

interface Sent {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly Readonly<Record<string, unknown>>[] }[];
  }[];
}

it('a server sends the spans of a run to its collector, in the trace of the request that started it', async () => {
  const bodies: string[] = [];
  const arrived = Promise.withResolvers<void>();
  const collector = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      bodies.push(body);
      if (body.includes('workflow.execute')) arrived.resolve();
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void collector.close());
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const telemetry = await startTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  onTestFinished(async () => void (await telemetry.stop()));
  const { spans } = telemetry;
  const server = await startServer({
    config: readConfig({ SAGALOG_DATA: temporaryFolder(), PORT: '0' }),
    logger: keepingLogger(),
    recorders: spans === undefined ? [] : [spans],
    development: false,
  });
  onTestFinished(() => server.close());
  await server.started;
  await ask(server, 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }', {
    source: SOURCE,
  });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    body: JSON.stringify({ query: 'mutation { startExecution(workflow: "note") { executionId } }' }),
  });
  await arrived.promise;
  const sent = bodies
    .map((body) => JSON.parse(body) as Sent)
    .flatMap(({ resourceSpans }) => resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans);
  expect(sent.map(({ name }) => name)).toEqual([
    'workflow.trigger.manual',
    'workflow.execute',
    'workflow.step.log',
  ]);
  expect(new Set(sent.map((span) => span['traceId']))).toEqual(new Set([traceId]));
  expect(sent[0]?.['parentSpanId']).toBe('b7ad6b7169203331');
});
