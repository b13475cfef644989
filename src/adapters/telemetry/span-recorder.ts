import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { RecordedEvent } from '../../domain/event.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { Recorder } from '../../ports/recorder.ts';
import { exported, hrTime, SCOPE } from './exported.ts';
import { endsRun, runSpans, type RunSpan } from './run-spans.ts';

/** What the spans of runs are sent by. */
export interface SpanRecorderParts {
  readonly log: Pick<EventLog, 'read'>;
  readonly exporter: SpanExporter;
  readonly resource: Resource;
}

const PAGE = 1_000;

const wholeStream = async (
  log: SpanRecorderParts['log'],
  stream: string,
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for (;;) {
    const page = await log.read(stream, { from: events.length, limit: PAGE });
    events.push(...page);
    if (page.length < PAGE) return events;
  }
};

const contextOf = (traceId: string, spanId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });

const readable = (span: RunSpan, resource: Resource): ReadableSpan => {
  const { name, kind, traceId, spanId, parent, start, end, attributes, error, notes } = span;
  const failure = error === undefined ? [] : [{ name: 'exception', at: end, attributes: exceptionOf(error) }];
  const events = [
    ...notes.map(({ name, at, names }) => ({ name, at, attributes: { names: [...names] } })),
    ...failure,
  ];
  return {
    name,
    kind: kind === 'consumer' ? SpanKind.CONSUMER : SpanKind.INTERNAL,
    spanContext: () => contextOf(traceId, spanId),
    ...(parent === undefined
      ? {}
      : { parentSpanContext: { ...contextOf(traceId, parent), isRemote: false } }),
    startTime: hrTime(start),
    endTime: hrTime(end),
    duration: hrTime(Math.max(0, end - start)),
    status:
      error === undefined
        ? { code: SpanStatusCode.OK }
        : { code: SpanStatusCode.ERROR, message: error.message },
    attributes: { ...attributes },
    links: [],
    events: events.map(({ name, at, attributes }) => ({
      name,
      time: hrTime(at),
      attributes,
      droppedAttributesCount: 0,
    })),
    ended: true,
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
};

const exceptionOf = ({ type, message }: { readonly type: string; readonly message: string }) => ({
  'exception.type': type,
  'exception.message': message,
});

/**
 * Sends the spans of each run when it has ended, made of its events: a collector that is away gets them later, and those
 * that come twice have the same ids.
 */
export const spanRecorder = ({ log, exporter, resource }: SpanRecorderParts): Recorder => ({
  name: 'spans',
  from: 'now',
  record: async (events) => {
    const streams = new Set(events.filter(endsRun).map(({ stream }) => stream));
    for (const stream of streams) {
      const spans = runSpans(await wholeStream(log, stream));
      if (spans.length > 0)
        await exported(
          exporter,
          spans.map((span) => readable(span, resource)),
        );
    }
  },
  close: () => exporter.shutdown(),
});
