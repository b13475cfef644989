import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import type { SealedCommit } from '../../domain/chain.ts';
import type { CommitMetadata } from '../../domain/event.ts';
import { categoryOf } from '../../domain/stream.ts';
import { WrongExpectedRevision, type EventLog } from '../../ports/event-log.ts';
import { outcomeOf } from './outcome-of.ts';

/**
 * The same log, with a span for each `append` and `read`: `log.append` and `log.read`, with the stream, its
 * category, the revision, the number of events and the outcome. An append without a span around it belongs to the
 * trace that its commit's `traceparent` names. A conflict is an outcome, no error.
 */
export const tracedEventLog = (log: EventLog, tracer: Tracer): EventLog => ({
  append: (commit) =>
    traced(
      tracer,
      'log.append',
      contextOf(commit),
      attributesOf(commit.stream, commit.revision),
      async () => {
        const appended = await log.append(commit);
        return { value: appended, events: commit.events.length };
      },
    ),
  read: (stream, options) =>
    traced(tracer, 'log.read', context.active(), attributesOf(stream, options?.from ?? 0), async () => {
      const events = await log.read(stream, options);
      return { value: events, events: events.length };
    }),
  head: (stream) => log.head(stream),
  truncate: (stream, before) => log.truncate(stream, before),
  end: () => log.end(),
  subscribe: (options) => log.subscribe(options),
  ping: () => log.ping(),
  close: () => log.close(),
});

interface Done<T> {
  readonly value: T;
  readonly events: number;
}

const traced = <T>(
  tracer: Tracer,
  name: string,
  parent: Context,
  attributes: Attributes,
  work: () => Promise<Done<T>>,
): Promise<T> =>
  tracer.startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, parent, async (span) => {
    try {
      const { value, events } = await work();
      span.setAttributes({ 'sagalog.events': events, 'sagalog.outcome': 'ok' });
      return value;
    } catch (error) {
      span.setAttribute('sagalog.outcome', outcomeOf(error));
      if (!(error instanceof WrongExpectedRevision)) {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      throw error;
    } finally {
      span.end();
    }
  });

const attributesOf = (stream: string, revision: number): Attributes => ({
  'sagalog.stream': stream,
  'sagalog.category': categoryOf(stream),
  'sagalog.revision': revision,
});

const contextOf = ({ metadata }: SealedCommit): Context => {
  const active = context.active();
  if (trace.getSpan(active) !== undefined) return active;
  const { traceparent } = JSON.parse(metadata) as CommitMetadata;
  return traceparent === undefined ? active : propagation.extract(active, { traceparent });
};
