import type { Gate } from '../domain/execution/admission-events.ts';
import type { EventType, Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import { withFailure, type FailureCount } from './failure-counts.ts';
import { figuredOf, type Figured } from './figure-key.ts';
import {
  APPROVAL_EVENTS,
  BRANCH_EVENTS,
  CAPTURE_EVENTS,
  CHILD_EVENTS,
  LIMITER_EVENTS,
  NOTIFICATION_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';
import { addValue, EMPTY_SKETCH, type Sketch } from './sketch.ts';

/** What went otherwise than straight on. */
export type Incidents = {
  /** Attempts that failed and are made again. */
  readonly retries: number;
  /** Executions that had failed and were retried by hand. */
  readonly reopened: number;
  /** How often the breaker of an activity opened, also once more after a probe. */
  readonly opened: number;
  /** What gates did not let through. */
  readonly rejected: Readonly<Partial<Record<Gate, number>>>;
  /** Milliseconds that attempts and executions were queued, of those that were and went on. */
  readonly waited: Sketch;
  readonly failures: readonly FailureCount[];
};

/** The incidents of an activity, or of whole executions, in one bucket. */
export type IncidentsDocument = Figured & Incidents;

const HANDLES = [
  'step.retry_scheduled',
  'step.rejected',
  'step.started',
  'step.failed',
  'step.compensation_failed',
  'breaker.opened',
  'execution.retried',
  'execution.admitted',
  'execution.rejected',
  'execution.failed',
  'saga.compensated',
] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;

/** Nothing happened. */
export const NO_INCIDENTS: Incidents = Object.freeze({
  retries: 0,
  reopened: 0,
  opened: 0,
  rejected: Object.freeze({}),
  waited: EMPTY_SKETCH,
  failures: Object.freeze([]),
});

const ofEvent = (event: Event): Figured => {
  if (event.type === 'breaker.opened') return { ...figuredOf(event, event.facts.key), definition: '' };
  return figuredOf(event, 'activity' in event.facts ? event.facts.activity : '');
};

const failing = (doc: Incidents, event: Event & { facts: { errorType: string } }): Incidents => ({
  ...doc,
  failures: withFailure(doc.failures, {
    errorType: event.facts.errorType,
    executionId: entityOf(event.stream),
    revision: event.revision,
    at: event.commit.metadata.at,
  }),
});

const rejecting = (doc: Incidents, gate: Gate): Incidents => ({
  ...doc,
  rejected: { ...doc.rejected, [gate]: (doc.rejected[gate] ?? 0) + 1 },
});

const change = (doc: Incidents, event: Event): Incidents => {
  switch (event.type) {
    case 'step.retry_scheduled':
      return failing({ ...doc, retries: doc.retries + 1 }, event);
    case 'step.failed':
    case 'step.compensation_failed':
    case 'execution.failed':
    case 'saga.compensated':
      return failing(doc, event);
    case 'step.rejected':
    case 'execution.rejected':
      return rejecting(doc, event.facts.gate);
    case 'step.started':
    case 'execution.admitted':
      return { ...doc, waited: addValue(doc.waited, event.facts.waited ?? 0) };
    case 'breaker.opened':
      return { ...doc, opened: doc.opened + 1 };
    case 'execution.retried':
      return { ...doc, reopened: doc.reopened + 1 };
    default:
      return event satisfies never;
  }
};

/**
 * Most attempts are made without having waited, and are none of this. A step that failed before anything of it was begun is
 * of no activity: what it leads to for its execution counts.
 */
const isIncident = (event: Event): boolean => {
  if (event.type === 'step.started' || event.type === 'execution.admitted')
    return event.facts.waited !== undefined;
  return !('activity' in event.facts) || event.facts.activity !== '';
};

/**
 * One document a workflow, activity, version and bucket. A breaker is of an activity, whatever calls it: its opening is
 * counted for the workflow whose call opened it, and for no version.
 */
export const incidents: Projection<IncidentsDocument, Event['type']> = {
  name: 'incidents',
  version: 1,
  handles: HANDLES,
  ignores: [
    'execution.started',
    'execution.requested',
    'execution.queued',
    'execution.completed',
    'execution.cancelled',
    'execution.paused',
    'execution.resumed',
    'execution.migrated',
    'saga.compensating',
    'saga.continued',
    'step.queued',
    'step.requested',
    'step.admitted',
    'step.heartbeat',
    'step.completed',
    'step.skipped',
    'step.cancelled',
    'step.jumped',
    'step.compensating',
    'step.compensated',
    'variables.set',
    'timer.scheduled',
    'timer.fired',
    'signal.awaited',
    'signal.received',
    'event.emitted',
    'breaker.failed',
    'breaker.succeeded',
    'breaker.half_opened',
    'breaker.closed',
    ...BRANCH_EVENTS,
    ...APPROVAL_EVENTS,
    ...CAPTURE_EVENTS,
    ...CHILD_EVENTS,
    ...LIMITER_EVENTS,
    ...WORKFLOW_EVENTS,
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...PARTITION_EVENTS,
  ],
  indexes: [{ fields: ['workflow', 'activity', 'bucket'] }],
  keyOf: (event) => {
    if (!isIncident(event)) return undefined;
    const { workflow, activity, definition, bucket } = ofEvent(event);
    return `${workflow}:${activity}:${definition}:${bucket}`;
  },
  evolve: (doc, event) => ({ ...(doc ?? ofEvent(event)), ...change(doc ?? NO_INCIDENTS, event) }),
};
