import type { AccessEvent } from './access/key-events.ts';
import type { AuditEvent } from './audit/events.ts';
import type { WorkflowEvent } from './definition/events.ts';
import type { EventEmitted } from './emission.ts';
import type { RecordedEvent } from './event.ts';
import type { ExecutionEvent } from './execution/events.ts';
import type { BreakerEvent } from './flow/breaker-events.ts';
import type { LimiterEvent } from './flow/limiter-events.ts';
import type { RateEvent } from './flow/rate-events.ts';
import type { NotificationEvent } from './notification/events.ts';
import type { PartitionEvent } from './partition/events.ts';
import type { ProjectionEventParked } from './projection/events.ts';
import type { RecorderAdvanced } from './recorder/events.ts';
import type { RetentionEvent } from './retention/events.ts';
import type { ScheduleEvent } from './schedule/events.ts';
import type { GatheringEvent, TriggerEvent } from './trigger/events.ts';
import type { TruncationEvent } from './truncation/events.ts';

/** Every event that Sagalog writes. */
export type SagalogEvent =
  | ExecutionEvent
  | WorkflowEvent
  | EventEmitted
  | ScheduleEvent
  | TriggerEvent
  | GatheringEvent
  | NotificationEvent
  | BreakerEvent
  | LimiterEvent
  | RateEvent
  | PartitionEvent
  | RecorderAdvanced
  | ProjectionEventParked
  | RetentionEvent
  | TruncationEvent
  | AccessEvent
  | AuditEvent;

/** The type of an event that Sagalog writes. */
export type EventType = SagalogEvent['type'];

/** An event of one type. */
export type EventOf<Type extends EventType> = Extract<SagalogEvent, { type: Type }>;

/** An event of the log whose facts are known by its type. */
export type Recorded<Type extends EventType = EventType> = {
  [T in Type]: Omit<RecordedEvent, 'type' | 'facts'> & {
    readonly type: T;
    readonly facts: EventOf<T>['facts'];
  };
}[Type];

/** The version of the catalogue that this code writes; `CommitMetadata.schema` says it of each commit. */
export const SCHEMA = 1;

/** Lifts an event written by schema `from` to the one after it. */
export interface Upcaster {
  readonly from: number;
  readonly upcast: (event: RecordedEvent) => RecordedEvent;
}

/** Every event type, the schema version that it came with, and what lifts older forms of it. */
export const EVENT_TYPES: Readonly<
  Record<EventType, { readonly since: number; readonly upcasters: readonly Upcaster[] }>
> = {
  'execution.started': { since: 1, upcasters: [] },
  'execution.requested': { since: 1, upcasters: [] },
  'execution.queued': { since: 1, upcasters: [] },
  'execution.admitted': { since: 1, upcasters: [] },
  'execution.rejected': { since: 1, upcasters: [] },
  'execution.completed': { since: 1, upcasters: [] },
  'execution.failed': { since: 1, upcasters: [] },
  'execution.cancelled': { since: 1, upcasters: [] },
  'execution.paused': { since: 1, upcasters: [] },
  'execution.resumed': { since: 1, upcasters: [] },
  'execution.retried': { since: 1, upcasters: [] },
  'execution.migrated': { since: 1, upcasters: [] },
  'saga.compensating': { since: 1, upcasters: [] },
  'saga.continued': { since: 1, upcasters: [] },
  'saga.compensated': { since: 1, upcasters: [] },
  'step.queued': { since: 1, upcasters: [] },
  'step.requested': { since: 1, upcasters: [] },
  'step.admitted': { since: 1, upcasters: [] },
  'step.rejected': { since: 1, upcasters: [] },
  'step.started': { since: 1, upcasters: [] },
  'step.heartbeat': { since: 1, upcasters: [] },
  'step.completed': { since: 1, upcasters: [] },
  'step.failed': { since: 1, upcasters: [] },
  'step.skipped': { since: 1, upcasters: [] },
  'step.cancelled': { since: 1, upcasters: [] },
  'step.jumped': { since: 1, upcasters: [] },
  'branch.completed': { since: 1, upcasters: [] },
  'branch.failed': { since: 1, upcasters: [] },
  'branch.cancelled': { since: 1, upcasters: [] },
  'step.retry_scheduled': { since: 1, upcasters: [] },
  'step.compensating': { since: 1, upcasters: [] },
  'step.compensated': { since: 1, upcasters: [] },
  'step.compensation_failed': { since: 1, upcasters: [] },
  'variables.set': { since: 1, upcasters: [] },
  'timer.scheduled': { since: 1, upcasters: [] },
  'timer.fired': { since: 1, upcasters: [] },
  'signal.awaited': { since: 1, upcasters: [] },
  'signal.received': { since: 1, upcasters: [] },
  'approval.requested': { since: 1, upcasters: [] },
  'approval.decided': { since: 1, upcasters: [] },
  'approval.withdrawn': { since: 1, upcasters: [] },
  'step.input_recorded': { since: 1, upcasters: [] },
  'step.output_recorded': { since: 1, upcasters: [] },
  'step.logged': { since: 1, upcasters: [] },
  'child.started': { since: 1, upcasters: [] },
  'child.ended': { since: 1, upcasters: [] },
  'child.cancel_requested': { since: 1, upcasters: [] },
  'workflow.registered': { since: 1, upcasters: [] },
  'workflow.default_set': { since: 1, upcasters: [] },
  'workflow.default_cleared': { since: 1, upcasters: [] },
  'workflow.retired': { since: 1, upcasters: [] },
  'workflow.unretired': { since: 1, upcasters: [] },
  'workflow.version_retired': { since: 1, upcasters: [] },
  'workflow.version_unretired': { since: 1, upcasters: [] },
  'event.emitted': { since: 1, upcasters: [] },
  'notification.requested': { since: 1, upcasters: [] },
  'notification.resend_requested': { since: 1, upcasters: [] },
  'notification.sent': { since: 1, upcasters: [] },
  'notification.failed': { since: 1, upcasters: [] },
  'notification.dead_lettered': { since: 1, upcasters: [] },
  'breaker.failed': { since: 1, upcasters: [] },
  'breaker.succeeded': { since: 1, upcasters: [] },
  'breaker.opened': { since: 1, upcasters: [] },
  'breaker.half_opened': { since: 1, upcasters: [] },
  'breaker.closed': { since: 1, upcasters: [] },
  'limiter.requested': { since: 1, upcasters: [] },
  'limiter.released': { since: 1, upcasters: [] },
  'limiter.compacted': { since: 1, upcasters: [] },
  'schedule.fired': { since: 1, upcasters: [] },
  'schedule.queued': { since: 1, upcasters: [] },
  'schedule.skipped': { since: 1, upcasters: [] },
  'schedule.missed': { since: 1, upcasters: [] },
  'schedule.paused': { since: 1, upcasters: [] },
  'schedule.resumed': { since: 1, upcasters: [] },
  'trigger.fired': { since: 1, upcasters: [] },
  'trigger.skipped': { since: 1, upcasters: [] },
  'trigger.gathered': { since: 1, upcasters: [] },
  'trigger.released': { since: 1, upcasters: [] },
  'rate.reserved': { since: 1, upcasters: [] },
  'partition.claimed': { since: 1, upcasters: [] },
  'partition.renewed': { since: 1, upcasters: [] },
  'partition.released': { since: 1, upcasters: [] },
  'node.announced': { since: 1, upcasters: [] },
  'recorder.advanced': { since: 1, upcasters: [] },
  'projection.event_parked': { since: 1, upcasters: [] },
  'execution.removed': { since: 1, upcasters: [] },
  'execution.restored': { since: 1, upcasters: [] },
  'execution.condensed': { since: 1, upcasters: [] },
  'retention.begun': { since: 1, upcasters: [] },
  'retention.chosen': { since: 1, upcasters: [] },
  'retention.removed': { since: 1, upcasters: [] },
  'retention.ended': { since: 1, upcasters: [] },
  'truncation.begun': { since: 1, upcasters: [] },
  'truncation.condensed': { since: 1, upcasters: [] },
  'truncation.chosen': { since: 1, upcasters: [] },
  'truncation.ended': { since: 1, upcasters: [] },
  'access.key_created': { since: 1, upcasters: [] },
  'access.key_revoked': { since: 1, upcasters: [] },
  'audit.read': { since: 1, upcasters: [] },
  'audit.acted': { since: 1, upcasters: [] },
  'audit.refused': { since: 1, upcasters: [] },
  'audit.day_began': { since: 1, upcasters: [] },
};

// Types come out of JSON as texts of their own, which an object would first have to find among all its names.
const UPCASTERS = new Map(Object.entries(EVENT_TYPES).map(([type, { upcasters }]) => [type, upcasters]));

/** An event of the log in today's form. Throws a `RangeError` for a type or a schema that this version does not know. */
export const current = (event: RecordedEvent): Recorded => {
  const { schema } = event.commit.metadata;
  if (schema > SCHEMA) {
    throw new RangeError(
      `Expected events of schema ${SCHEMA} or earlier, but ${event.stream}@${event.revision} was written by schema ${schema}: this node is older than the one that wrote it.`,
    );
  }
  const upcasters = UPCASTERS.get(event.type);
  if (upcasters === undefined) {
    throw new RangeError(
      `Expected an event type that this version knows, but ${event.stream}@${event.revision} has "${event.type}".`,
    );
  }
  let lifted = event;
  for (const { from, upcast } of upcasters) {
    if (schema <= from) lifted = upcast(lifted);
  }
  return lifted as Recorded;
};
