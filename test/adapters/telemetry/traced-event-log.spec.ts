import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteLog } from '../../../src/adapters/sqlite/event-log.ts';
import { tracedEventLog } from '../../../src/adapters/telemetry/traced-event-log.ts';
import { NO_STREAM, seal, type StreamHead } from '../../../src/domain/chain.ts';
import type { CommitMetadata } from '../../../src/domain/event.ts';
import { START, type EventLog } from '../../../src/ports/event-log.ts';

const exporter = new InMemorySpanExporter();
const sdk = new NodeSDK({
  autoDetectResources: false,
  spanProcessors: [new SimpleSpanProcessor({ exporter })],
  metricReaders: [],
  logRecordProcessors: [],
});
const METADATA: CommitMetadata = {
  $correlationId: '1',
  $causationId: '01900000-0000-7000-8000-000000000001',
  at: 1,
  actor: { id: 'ada', kind: 'user', via: 'none' },
  tenant: 'default',
  node: 'local',
  schema: 1,
};
const commitOf = (head: StreamHead = NO_STREAM, metadata: CommitMetadata = METADATA) =>
  seal(
    'execution-1',
    head,
    [
      { type: 'a', facts: {} },
      { type: 'b', facts: {} },
    ],
    metadata,
  );

const spans = () =>
  exporter.getFinishedSpans().map(({ name, attributes, status }: ReadableSpan) => ({
    name,
    attributes,
    failed: status.code === SpanStatusCode.ERROR,
  }));

let path: string;
let log: EventLog;

beforeAll(() => sdk.start());
afterAll(async () => {
  await sdk.shutdown();
  // Specs that come later in this process would be given the tracers of this one.
  for (const api of [trace, context, propagation]) api.disable();
});
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'traced-log-'));
  log = tracedEventLog(await openSqliteLog({ path }), trace.getTracer('spec'));
});
afterEach(async () => {
  await log.close();
  rmSync(path, { recursive: true });
  exporter.reset();
});

describe('a traced log', () => {
  it('makes a span of each append and read', async () => {
    const { position } = await log.append(commitOf());
    expect(await log.read('execution-1', { from: 1 })).toMatchObject([{ revision: 1, type: 'b' }]);
    expect(position).toBeGreaterThan(START);
    const stream = { 'sagalog.stream': 'execution-1', 'sagalog.category': 'execution' };
    expect(spans()).toEqual([
      {
        name: 'log.append',
        attributes: { ...stream, 'sagalog.revision': 0, 'sagalog.events': 2, 'sagalog.outcome': 'ok' },
        failed: false,
      },
      {
        name: 'log.read',
        attributes: { ...stream, 'sagalog.revision': 1, 'sagalog.events': 1, 'sagalog.outcome': 'ok' },
        failed: false,
      },
    ]);
  });

  it('shows a conflict as an outcome, and throws it on', async () => {
    const behind = commitOf({ revision: 3, hash: 'x' });
    await expect(log.append(behind)).rejects.toMatchObject({ name: 'WrongExpectedRevision', actual: -1 });
    expect(spans()).toMatchObject([
      { attributes: { 'sagalog.outcome': 'wrong_expected_revision', 'sagalog.revision': 4 }, failed: false },
    ]);
  });

  it('shows any other failure as an error, with the exception', async () => {
    const gone = new Error('the disk is gone');
    const failing = tracedEventLog({ ...log, read: () => Promise.reject(gone) }, trace.getTracer('spec'));
    await expect(failing.read('execution-1')).rejects.toBe(gone);
    expect(spans()).toMatchObject([{ attributes: { 'sagalog.outcome': 'error' }, failed: true }]);
    expect(exporter.getFinishedSpans()[0]?.events).toMatchObject([
      { name: 'exception', attributes: { 'exception.message': 'the disk is gone' } },
    ]);
  });

  it('belongs to the trace that the commit names', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await log.append(commitOf(NO_STREAM, { ...METADATA, traceparent }));
    const [span] = exporter.getFinishedSpans();
    expect(span?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  });

  it('belongs to the span around it before all', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await trace.getTracer('spec').startActiveSpan('around', async (around) => {
      await log.append(commitOf(NO_STREAM, { ...METADATA, traceparent }));
      around.end();
    });
    const [append, around] = exporter.getFinishedSpans();
    expect(append?.parentSpanContext?.spanId).toBe(around?.spanContext().spanId);
  });

  it('leaves the rest as it is', async () => {
    const commit = commitOf();
    const { position } = await log.append(commit);
    expect(await log.head('execution-1')).toEqual({ revision: 1, hash: commit.hash });
    expect(await log.end()).toBe(position);
    await log.ping();
    const stop = new AbortController();
    for await (const batch of log.subscribe({ after: START, signal: stop.signal })) {
      if (batch.events.length > 0) stop.abort();
    }
    expect(spans()).toHaveLength(1);
  });
});
