import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileRecorder } from '../../src/adapters/recorders/file.ts';
import { webhookRecorder } from '../../src/adapters/recorders/webhook.ts';
import { logRecorder } from '../../src/adapters/telemetry/log-recorder.ts';
import * as s from '../projections/samples.ts';
import { happened, record } from '../spec/given.ts';
import { temporaryFolder } from './sqlite/temporary-folder.ts';

const EVENTS = record([happened('execution-a', 1_000, s.started(), s.stepFailed('pay', 5))]);
const NAMED = { name: 'all', from: 'start' } as const;
const { signal } = new AbortController();

/** A server that answers with these statuses, one after the other, and keeps what it was sent. */
const listen = async (...statuses: readonly number[]) => {
  const received: { readonly headers: Readonly<Record<string, unknown>>; readonly body: string }[] = [];
  const left = [...statuses];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(left.shift() ?? 200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
};

describe('a recorder', () => {
  it('writes a line of JSON for each event behind those that are there', async () => {
    const path = join(temporaryFolder(), 'events.ndjson');
    for (const part of [EVENTS.slice(0, 1), EVENTS.slice(1)]) {
      const recorder = fileRecorder(NAMED, path);
      await recorder.record(part, signal);
      await recorder.close();
    }
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        position: '1',
        stream: 'execution-a',
        revision: 0,
        type: 'execution.started',
        at: '1970-01-01T00:00:01.000Z',
      },
      {
        position: '2',
        type: 'step.failed',
        facts: { errorType: 'Oops' },
        payload: { error: { type: 'Oops' } },
      },
    ]);
  });

  it('rejects when its file cannot be written', async () => {
    await expect(fileRecorder(NAMED, '/nowhere/events').record(EVENTS, signal)).rejects.toThrow('ENOENT');
  });

  it('posts batches, with a key that says which', async () => {
    const { url, received } = await listen(503, 200);
    const recorder = webhookRecorder(NAMED, { url, headers: { authorization: 'Bearer x' }, timeout: 5_000 });
    await expect(recorder.record(EVENTS, signal)).rejects.toThrow('503');
    await recorder.record(EVENTS, signal);
    const [first, second] = received;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers).toMatchObject({ authorization: 'Bearer x', 'idempotency-key': 'all:1-2' });
    expect(JSON.parse(second?.body ?? '')).toMatchObject({
      recorder: 'all',
      events: [{ type: 'execution.started' }, { type: 'step.failed' }],
    });
  });

  it('sends records of OpenTelemetry, without what users put into events', async () => {
    const { url, received } = await listen(200);
    const target = { url: `${url}/v1/logs`, headers: {}, timeout: 5_000, serviceName: 'desk' };
    const recorder = logRecorder(NAMED, target);
    await recorder.record(EVENTS, signal);
    await recorder.close();
    const body = received[0]?.body ?? '';
    for (const text of [
      'execution.started',
      'step.failed',
      '"ERROR"',
      '"desk"',
      'sagalog.errorType',
      '"Oops"',
    ])
      expect(body).toContain(text);
    expect(body).not.toContain('It went wrong');
  });

  it('rejects when the collector does not take them', async () => {
    const { url } = await listen(400);
    const recorder = logRecorder(NAMED, { url, headers: {}, timeout: 2_000, serviceName: 'desk' });
    await expect(recorder.record(EVENTS, signal)).rejects.toThrow(/400|Bad Request/);
    await recorder.close();
  });
});
