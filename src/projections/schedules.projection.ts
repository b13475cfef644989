import type { Recorded } from '../domain/registry.ts';
import {
  EXECUTION_EVENTS,
  FLOW_EVENTS,
  NOTIFICATION_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  STEP_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';

/** What became of the times of a workflow's schedule. Times are ms since the Unix epoch. */
export type ScheduleDocument = {
  readonly workflow: string;
  /** Every time up to here is dealt with. */
  readonly until: number;
  /** How many times wait for the run before to end. */
  readonly waiting: number;
  /** Revision of the event that paused it; null when it is not paused. */
  readonly pause: { readonly revision: number; readonly at: number } | null;
  /** The last run; null before the first. */
  readonly last: { readonly dueAt: number; readonly execution: string; readonly at: number } | null;
  /** Its stream, which has the events. */
  readonly stream: string;
};

type Event = Recorded<(typeof SCHEDULE_EVENTS)[number]>;

const evolve = (known: ScheduleDocument | undefined, event: Event): ScheduleDocument => {
  const { facts, stream, revision, commit } = event;
  const { workflow, until, waiting } = facts;
  const { at } = commit.metadata;
  const doc = { ...(known ?? { last: null }), workflow, until, waiting, stream, pause: null };
  if (event.type === 'schedule.paused') return { ...doc, pause: { revision, at } };
  if (event.type !== 'schedule.fired') return doc;
  const { dueAt, execution } = event.facts;
  return { ...doc, last: { dueAt, execution, at } };
};

/** One document a schedule that something happened to, by its workflow's name. */
export const schedules: Projection<ScheduleDocument, Event['type']> = {
  name: 'schedules',
  version: 1,
  handles: SCHEDULE_EVENTS,
  ignores: [
    ...EXECUTION_EVENTS,
    ...STEP_EVENTS,
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  indexes: [],
  keyOf: ({ facts }) => facts.workflow,
  evolve,
};
