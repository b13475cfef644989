import { SeverityNumber, TraceFlags } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { RecordedEvent } from '../../domain/event.ts';
import { spanIdOf, traceIdOf } from '../../domain/execution/trace-ids.ts';
import { entityOf } from '../../domain/stream.ts';
import type { Recorder } from '../../ports/recorder.ts';
import { exported, hrTime, resourceOf, SCOPE } from './exported.ts';

/** Where log records are sent. */
export interface LogTarget {
  /** Of OTLP over HTTP, such as `http://127.0.0.1:4318/v1/logs`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly serviceName: string;
}

type Attributes = ReadableLogRecord['attributes'];

const attributesOf = ({ stream, revision, position, id, facts }: RecordedEvent): Attributes => ({
  'event.id': id,
  'sagalog.stream': stream,
  'sagalog.revision': revision,
  'sagalog.position': String(position),
  ...Object.fromEntries(
    Object.entries(facts).flatMap(([name, fact]) =>
      fact === null ? [] : [[`sagalog.${name}`, typeof fact === 'object' ? JSON.stringify(fact) : fact]],
    ),
  ),
});

/** Of a run: records stand with its span. */
const spanOf = ({ stream, commit }: RecordedEvent): Partial<Pick<ReadableLogRecord, 'spanContext'>> => {
  if (!stream.startsWith('execution-')) return {};
  const id = entityOf(stream);
  const traceId = traceIdOf(id, commit.metadata.traceparent);
  return { spanContext: { traceId, spanId: spanIdOf(id, 'execute'), traceFlags: TraceFlags.SAMPLED } };
};

/** Sends each event as a record of OpenTelemetry's logs: its type, facts and place, never its payload. */
export const logRecorder = (
  { name, from }: Pick<Recorder, 'name' | 'from'>,
  { url, headers, timeout, serviceName }: LogTarget,
): Recorder => {
  const exporter = new OTLPLogExporter({ url, headers: { ...headers }, timeoutMillis: timeout });
  const resource = resourceOf(serviceName);
  const recordOf = (event: RecordedEvent): ReadableLogRecord => {
    const isError = event.type.endsWith('failed');
    const time = hrTime(event.commit.metadata.at);
    return {
      hrTime: time,
      hrTimeObserved: time,
      ...spanOf(event),
      severityNumber: isError ? SeverityNumber.ERROR : SeverityNumber.INFO,
      severityText: isError ? 'ERROR' : 'INFO',
      body: event.type,
      eventName: event.type,
      resource,
      instrumentationScope: SCOPE,
      attributes: attributesOf(event),
      droppedAttributesCount: 0,
    };
  };
  return {
    name,
    from,
    record: (events) => exported(exporter, events.map(recordOf)),
    close: () => exporter.shutdown(),
  };
};
