import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startTelemetry } from '../../../src/adapters/telemetry/telemetry.ts';

const closing: (() => void)[] = [];

/** A collector that keeps what it is sent. */
const collect = async () => {
  const received: { readonly url: string | undefined; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ url: request.url, body });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
};

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe('telemetry', () => {
  it.each([
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x:4318', OTEL_SDK_DISABLED: 'True' },
  ])('is off for %o', async (env) => {
    const telemetry = await startTelemetry(env);
    expect(telemetry.tracer).toBeUndefined();
    await telemetry.stop();
  });

  it('sends spans to the collector, at the latest when it stops', async () => {
    const { endpoint, received } = await collect();
    const telemetry = await startTelemetry({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint}/`,
      OTEL_SERVICE_NAME: 'desk',
    });
    telemetry.tracer?.startSpan('log.append').end();
    expect(await telemetry.stop()).toBeUndefined();
    expect(received).toMatchObject([{ url: '/v1/traces' }]);
    expect(received[0]?.body).toContain('"log.append"');
    expect(received[0]?.body).toContain('"desk"');
  });

  it('stops also when the collector is away, and says what was lost', async () => {
    const gone = await collect();
    for (const close of closing.splice(0)) close();
    const telemetry = await startTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: gone.endpoint });
    telemetry.tracer?.startSpan('log.append').end();
    expect(await telemetry.stop()).toMatch(/ECONNREFUSED/);
  });
});
