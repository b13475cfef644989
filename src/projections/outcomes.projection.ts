import type { EventType, Recorded } from '../domain/registry.ts';
import { bucketOf } from './bucket.ts';
import {
  FLOW_EVENTS,
  NOTIFICATION_EVENTS,
  OPERATOR_EVENTS,
  RUN_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  STEP_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';

/** What became of executions. */
export type Outcomes = {
  readonly started: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly compensated: number;
  /** Milliseconds that all that ended took together. */
  readonly duration: number;
  /** Milliseconds that those that completed took together. */
  readonly completedDuration: number;
};

/** What became of a workflow's executions in one bucket, which begins at `bucket` (ms since the Unix epoch). */
export type OutcomesDocument = Outcomes & { readonly workflow: string; readonly bucket: number };

const HANDLES = [
  'execution.started',
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'saga.compensated',
] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;

/** Nothing happened. */
export const NO_OUTCOMES: Outcomes = Object.freeze({
  started: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  compensated: 0,
  duration: 0,
  completedDuration: 0,
});

const evolve = (found: OutcomesDocument | undefined, event: Event): OutcomesDocument => {
  const doc = found ?? {
    workflow: event.facts.workflow,
    bucket: bucketOf(event.commit.metadata.at),
    ...NO_OUTCOMES,
  };
  if (event.type === 'execution.started') return { ...doc, started: doc.started + 1 };
  const duration = doc.duration + event.facts.duration;
  switch (event.type) {
    case 'execution.completed': {
      const completedDuration = doc.completedDuration + event.facts.duration;
      return { ...doc, completed: doc.completed + 1, duration, completedDuration };
    }
    case 'execution.failed':
      return { ...doc, failed: doc.failed + 1, duration };
    case 'execution.cancelled':
      return { ...doc, cancelled: doc.cancelled + 1, duration };
    case 'saga.compensated':
      return { ...doc, compensated: doc.compensated + 1, duration };
    default:
      return event satisfies never;
  }
};

/**
 * One document a workflow and bucket; what happened is counted in the bucket in which it was decided. An execution that
 * failed and was retried has failed then all the same, and what it comes to later is counted besides.
 */
export const outcomes: Projection<OutcomesDocument, Event['type']> = {
  name: 'outcomes',
  version: 1,
  handles: HANDLES,
  ignores: [
    ...STEP_EVENTS,
    ...OPERATOR_EVENTS,
    ...RUN_EVENTS,
    'saga.compensating',
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  indexes: [{ fields: ['workflow', 'bucket'] }, { fields: ['bucket'] }],
  keyOf: ({ facts, commit }) => `${facts.workflow}:${bucketOf(commit.metadata.at)}`,
  evolve,
};
