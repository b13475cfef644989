import type { RecordedEvent } from '../../domain/event.ts';
import type { ErrorPayload, ExecutionStarted } from '../../domain/execution/events.ts';
import { blockOf, branchOf, nameOf, ROOT } from '../../domain/execution/path.ts';
import { attemptKey, callerSpanOf, spanIdOf, traceIdOf } from '../../domain/execution/trace-ids.ts';
import { own, type JsonObject } from '../../domain/json.ts';
import { entityOf } from '../../domain/stream.ts';

/** A span of a run, told from its events alone: the same events give the same spans, ids and all. */
export interface RunSpan {
  readonly name: string;
  readonly kind: 'internal' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly error: ErrorPayload | undefined;
  readonly notes: readonly {
    readonly name: string;
    readonly at: number;
    readonly names: readonly string[];
  }[];
}

const ENDS: Readonly<Record<string, string>> = {
  'execution.completed': 'completed',
  'execution.failed': 'failed',
  'execution.cancelled': 'cancelled',
  'saga.compensated': 'compensated',
};

/** Whether a run ends with an event. */
export const endsRun = ({ type }: RecordedEvent): boolean => own(ENDS, type) !== undefined;

const BEGINS = ['step.started', 'step.compensating'];
const ATTEMPT_ENDS = [
  'step.completed',
  'step.failed',
  'step.retry_scheduled',
  'step.cancelled',
  'step.compensated',
  'step.compensation_failed',
];

const typeOfTrigger = (trigger: string): string => {
  if (trigger === 'manual') return 'manual';
  return /^[A-Z]+ \//.test(trigger) ? 'http' : 'event';
};

const payloadOf = ({ payload }: RecordedEvent): JsonObject => JSON.parse(payload ?? '{}') as JsonObject;

const errorOf = (event: RecordedEvent): ErrorPayload | undefined =>
  payloadOf(event)['error'] as object | undefined as ErrorPayload | undefined;

const isUndoing = ({ type, facts }: RecordedEvent): boolean =>
  type.startsWith('step.compensat') || facts['compensation'] === true;

const textOf = ({ facts }: RecordedEvent, name: string): string => {
  const fact = facts[name];
  return typeof fact === 'string' ? fact : '';
};

const keyOf = (event: RecordedEvent): string =>
  attemptKey(textOf(event, 'step'), Number(event.facts['attempt']), isUndoing(event));

/** The spans of the attempts of a run's steps, in the order in which they began. */
const stepSpans = (
  events: readonly RecordedEvent[],
  executionId: string,
  traceId: string,
): readonly RunSpan[] => {
  const last = events.at(-1)?.commit.metadata.at ?? 0;
  const ends = new Map(
    events.filter(({ type }) => ATTEMPT_ENDS.includes(type)).map((end) => [keyOf(end), end]),
  );
  const latest = new Map<string, string>();
  return events
    .filter(({ type }) => BEGINS.includes(type))
    .map((event, index): RunSpan => {
      const step = textOf(event, 'step');
      const key = keyOf(event);
      const spanId = spanIdOf(executionId, key);
      const branch = branchOf(step);
      const around = branch === ROOT || isUndoing(event) ? undefined : latest.get(blockOf(branch));
      latest.set(step, spanId);
      const end = ends.get(key);
      const attributes = {
        'workflow.step.name': step,
        'workflow.step.type': textOf(event, 'activity'),
        'execution.id': executionId,
        'step.id': `${executionId}:${key}`,
        'step.sequence': index + 1,
        'step.attempt': Number(event.facts['attempt']),
        ...(isUndoing(event) ? { 'step.compensation': true } : {}),
      };
      return {
        name: `workflow.step.${nameOf(step)}`,
        kind: 'internal',
        traceId,
        spanId,
        parent: around ?? spanIdOf(executionId, 'execute'),
        start: event.commit.metadata.at,
        end: end?.commit.metadata.at ?? last,
        attributes,
        error: end === undefined ? undefined : errorOf(end),
        notes: [],
      };
    });
};

/**
 * The spans of a run that has ended: its trigger, itself, and the attempts of its steps; of the parts that its definition
 * names, and none of a run whose spans are not kept. `events` are all of its stream.
 */
export const runSpans = (events: readonly RecordedEvent[]): readonly RunSpan[] => {
  const [started] = events;
  const ended = events.findLast(endsRun);
  if (started?.type !== 'execution.started' || ended === undefined) return [];
  const { workflow, definition, trigger, tracing, traced } = started.facts as ExecutionStarted['facts'];
  const status = own(ENDS, ended.type) ?? '';
  const error =
    errorOf(ended) ?? errorOf(events.findLast(({ type }) => type === 'saga.compensating') ?? ended);
  // Errors are always kept.
  if (tracing === 'off' || (tracing === 'unsampled' && error === undefined)) return [];
  const wants = (component: string): boolean => traced === undefined || traced.includes(component);

  const executionId = entityOf(started.stream);
  const { traceparent } = started.commit.metadata;
  const traceId = traceIdOf(executionId, traceparent);
  const { at } = started.commit.metadata;
  const triggerSpan = spanIdOf(executionId, 'trigger');
  const triggeredBy = payloadOf(started)['triggeredBy'];
  const common = { traceId, error: undefined, notes: [] };
  const run: readonly RunSpan[] = [
    {
      ...common,
      name: `workflow.trigger.${trigger}`,
      kind: 'consumer',
      spanId: triggerSpan,
      parent: callerSpanOf(traceparent),
      start: at,
      end: at,
      attributes: { 'workflow.trigger.name': trigger, 'workflow.trigger.type': typeOfTrigger(trigger) },
    },
    {
      ...common,
      name: 'workflow.execute',
      kind: 'internal',
      spanId: spanIdOf(executionId, 'execute'),
      parent: triggerSpan,
      start: at,
      end: ended.commit.metadata.at,
      attributes: {
        'workflow.type': workflow,
        'workflow.action': trigger,
        'execution.id': executionId,
        'workflow.id': workflow,
        'workflow.definition': definition,
        ...(typeof triggeredBy === 'string' ? { triggered_by: triggeredBy } : {}),
        'execution.duration_ms': Number(ended.facts['duration']),
        'execution.status': status,
      },
      error,
      notes: wants('state_manager')
        ? events
            .filter(({ type }) => type === 'variables.set')
            .map(({ type, facts, commit }) => ({
              name: type,
              at: commit.metadata.at,
              names: facts['names'] as readonly string[],
            }))
        : [],
    },
  ];
  return [
    ...(wants('workflow_engine') ? run : []),
    ...(wants('activity_executor') ? stepSpans(events, executionId, traceId) : []),
  ];
};
