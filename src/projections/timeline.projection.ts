import type { EventType, Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import {
  LIMITER_EVENTS,
  NOTIFICATION_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';
import type { TimelineDocument, TimelineDraft } from './timeline-document.ts';
import { changeEntry } from './timeline-entry.ts';

const HANDLES = [
  'execution.started',
  'execution.queued',
  'execution.admitted',
  'execution.rejected',
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'execution.paused',
  'execution.resumed',
  'execution.retried',
  'execution.migrated',
  'saga.compensating',
  'saga.compensated',
  'step.queued',
  'step.admitted',
  'step.rejected',
  'step.started',
  'step.heartbeat',
  'step.completed',
  'step.failed',
  'step.skipped',
  'step.cancelled',
  'step.jumped',
  'branch.failed',
  'branch.cancelled',
  'step.retry_scheduled',
  'step.compensating',
  'step.compensated',
  'step.compensation_failed',
  'variables.set',
  'timer.scheduled',
  'timer.fired',
  'signal.awaited',
  'signal.received',
  'approval.requested',
  'approval.decided',
  'step.input_recorded',
  'step.output_recorded',
  'breaker.opened',
  'breaker.half_opened',
  'breaker.closed',
  'child.started',
] as const satisfies readonly EventType[];

/** An event that the timeline shows. */
export type TimelineEvent = Recorded<(typeof HANDLES)[number]>;

/** What others see of an execution stands where it stood by then. */
const placeOf = ({ stream, revision, facts }: TimelineEvent) =>
  'executionId' in facts
    ? { executionId: facts.executionId, sequence: facts.revision }
    : { executionId: entityOf(stream), sequence: revision };

const blank = (event: TimelineEvent): TimelineDocument => ({
  ...placeOf(event),
  kind: 'step',
  workflow: event.facts.workflow,
  step: null,
  label: null,
  activity: null,
  attempt: null,
  worker: null,
  status: 'running',
  startedAt: event.commit.metadata.at,
  endedAt: null,
  duration: null,
  dueAt: null,
  deadline: null,
  signal: null,
  child: null,
  errorType: null,
  handled: null,
  to: null,
  fallback: false,
  by: null,
  gate: null,
  count: null,
  of: null,
  needs: null,
  capacity: null,
  heartbeatAt: null,
  progressRevision: null,
  inputRevision: null,
  outputRevision: null,
  errorRevision: null,
  capturedInputRevision: null,
  capturedOutputRevision: null,
});

/** What the timer and the signal of a wait tell belongs to its latest attempt, which they name unless it is the first. */
const FIRST_ATTEMPT = 1;

const attempted = (
  { stream, facts }: TimelineEvent & { readonly facts: { readonly step: string } },
  attempt = FIRST_ATTEMPT,
): string => `${entityOf(stream)}:${facts.step}:${attempt}`;

const keyOf = (event: TimelineEvent): string => {
  const id = entityOf(event.stream);
  switch (event.type) {
    case 'execution.started':
    case 'execution.completed':
    case 'execution.failed':
    case 'execution.cancelled':
    case 'execution.retried':
    case 'saga.compensating':
    case 'saga.compensated':
      return `${id}:0`;
    case 'execution.paused':
      return `${id}:paused:${event.commit.metadata.at}`;
    case 'execution.resumed':
      return `${id}:paused:${event.facts.pausedAt}`;
    case 'step.failed':
      // The attempt that it names had ended before, and has an entry of its own.
      if (event.facts.between) return `${id}:${event.revision}`;
      return attempted(event, event.facts.attempt);
    case 'step.started':
    case 'step.heartbeat':
    case 'step.completed':
    case 'step.cancelled':
      return attempted(event, event.facts.attempt);
    case 'step.retry_scheduled':
    case 'step.input_recorded':
    case 'step.output_recorded':
      return `${id}:${event.facts.step}:${event.facts.compensation ? 'c' : ''}${event.facts.attempt}`;
    case 'step.compensating':
    case 'step.compensated':
    case 'step.compensation_failed':
      return `${id}:${event.facts.step}:c${event.facts.attempt}`;
    case 'timer.scheduled':
    case 'signal.awaited':
    case 'approval.requested':
    case 'child.started':
      return attempted(event, event.facts.attempt);
    case 'timer.fired': {
      const { purpose, attempt } = event.facts;
      return purpose === 'wait' || purpose === 'timeout'
        ? attempted(event, attempt)
        : `${id}:${event.revision}`;
    }
    case 'breaker.opened':
    case 'breaker.half_opened':
    case 'breaker.closed':
      return `${event.facts.executionId}:breaker:${id}:${event.revision}`;
    case 'step.skipped':
      return event.facts.attempt === undefined
        ? `${id}:${event.revision}`
        : `${id}:${event.facts.step}:${event.facts.attempt}`;
    case 'execution.migrated':
    case 'execution.queued':
    case 'execution.admitted':
    case 'execution.rejected':
    case 'step.queued':
    case 'step.admitted':
    case 'step.rejected':
    case 'step.jumped':
    case 'branch.failed':
    case 'branch.cancelled':
    case 'variables.set':
    case 'signal.received':
    case 'approval.decided':
      return `${id}:${event.revision}`;
    default:
      return event satisfies never;
  }
};

/**
 * One document an entry: the execution itself (first in its order), one for each attempt of a step or of its
 * undoing, and one for each step that was queued or skipped or that failed between two attempts, each jump, each branch
 * that was given up, each limit of time that was reached, each setting of variables, each signal, each decision, each pause
 * and each change to another version; one for each time that an attempt was let through or not by what limits its activity, and one for each time that
 * it opened or closed a breaker.
 */
export const timeline: Projection<TimelineDocument, TimelineEvent['type']> = {
  name: 'timeline',
  version: 7,
  handles: HANDLES,
  ignores: [
    'execution.requested',
    'step.requested',
    'branch.completed',
    'saga.continued',
    'breaker.failed',
    'breaker.succeeded',
    ...LIMITER_EVENTS,
    'approval.withdrawn',
    'child.ended',
    'child.cancel_requested',
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...PARTITION_EVENTS,
    'step.logged',
  ],
  forgets: { field: 'executionId' },
  isOfOneExecution: true,
  indexes: [{ fields: ['executionId', 'sequence'] }],
  keyOf,
  evolve(doc, event) {
    const draft: TimelineDraft = { ...(doc ?? blank(event)) };
    changeEntry(draft, event);
    return draft;
  },
};
