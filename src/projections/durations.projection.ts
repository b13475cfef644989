import { HOME } from '../domain/access/grant.ts';
import type { EventType, Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import { withExemplar, type Exemplar } from './exemplars.ts';
import { figuredOf, placeOf, type Figured } from './figure-key.ts';
import {
  APPROVAL_EVENTS,
  BRANCH_EVENTS,
  CHILD_EVENTS,
  NOTIFICATION_EVENTS,
  CAPTURE_EVENTS,
  ADMISSION_EVENTS,
  FLOW_EVENTS,
  OPERATOR_EVENTS,
  RUN_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';
import { addValue, EMPTY_SKETCH, type Sketch } from './sketch.ts';

/**
 * How long an activity's attempts at a step took in one bucket; with the activity `''`, how long whole executions took.
 * What was cancelled is neither a success nor a failure and is left out.
 */
export type DurationsDocument = Figured & {
  /** The step's path, whichever turn of a loop it is in (`each[].pay`); `''` for whole executions. */
  readonly step: string;
  /** Milliseconds of those that succeeded; its count is the number of successes. */
  readonly completed: Sketch;
  /** Milliseconds of those that failed; its count is the number of failures. */
  readonly failed: Sketch;
  readonly slowest: readonly Exemplar[];
};

const HANDLES = [
  'execution.completed',
  'execution.failed',
  'saga.compensated',
  'step.completed',
  'step.failed',
  'step.retry_scheduled',
  'step.compensated',
  'step.compensation_failed',
] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;

const ofEvent = (event: Event): Figured & { readonly step: string } => {
  const { facts } = event;
  return 'activity' in facts
    ? { ...figuredOf(event, facts.activity), step: placeOf(facts.step) }
    : { ...figuredOf(event, ''), step: '' };
};

/**
 * A step can fail before its first attempt, or between two: then nothing was called and there is nothing to measure. What
 * was ended by hand took as long as somebody took.
 */
const isMeasured = ({ facts }: Event): boolean =>
  !('attempt' in facts) || (facts.attempt > 0 && !('by' in facts) && !('between' in facts));

const succeeded = (event: Event): boolean => {
  switch (event.type) {
    case 'execution.completed':
    case 'step.completed':
    case 'step.compensated':
      return true;
    case 'execution.failed':
    case 'saga.compensated':
    case 'step.failed':
    case 'step.retry_scheduled':
    case 'step.compensation_failed':
      return false;
    default:
      return event satisfies never;
  }
};

const evolve = (doc: DurationsDocument | undefined, event: Event): DurationsDocument => {
  const { duration } = event.facts;
  const success = succeeded(event);
  const completed = doc?.completed ?? EMPTY_SKETCH;
  const failed = doc?.failed ?? EMPTY_SKETCH;
  const known = doc?.slowest ?? [];
  return {
    ...(doc ?? ofEvent(event)),
    completed: success ? addValue(completed, duration) : completed,
    failed: success ? failed : addValue(failed, duration),
    // Whoever sees the figures of all tenants together does not see whose each is.
    slowest:
      event.commit.metadata.tenant === HOME
        ? withExemplar(known, {
            executionId: entityOf(event.stream),
            revision: event.revision,
            duration,
            failed: !success,
          })
        : known,
  };
};

/** One document a workflow, activity, step, version and bucket; an attempt is in the bucket in which it ended. */
export const durations: Projection<DurationsDocument, Event['type']> = {
  name: 'durations',
  version: 2,
  handles: HANDLES,
  ignores: [
    'execution.started',
    'execution.cancelled',
    'saga.compensating',
    'saga.continued',
    'step.queued',
    ...ADMISSION_EVENTS,
    'step.started',
    'step.heartbeat',
    'step.skipped',
    'step.cancelled',
    'step.jumped',
    ...BRANCH_EVENTS,
    ...OPERATOR_EVENTS,
    ...RUN_EVENTS,
    ...CAPTURE_EVENTS,
    'step.compensating',
    'variables.set',
    'timer.scheduled',
    'timer.fired',
    'signal.awaited',
    'signal.received',
    ...APPROVAL_EVENTS,
    ...CHILD_EVENTS,
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  indexes: [{ fields: ['workflow', 'activity', 'bucket'] }, { fields: ['workflow', 'bucket'] }],
  keyOf: (event) => {
    if (!isMeasured(event)) return undefined;
    const { workflow, activity, step, definition, bucket } = ofEvent(event);
    return `${workflow}:${activity}:${step}:${definition}:${bucket}`;
  },
  evolve,
};
