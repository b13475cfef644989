import type { EventType, Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import {
  EXECUTION_EVENTS,
  FLOW_EVENTS,
  NOTIFICATION_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  STEP_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';

/** What is gathered of a key, or was last. Times are ms since the Unix epoch. */
export type GatheringDocument = {
  readonly workflow: string;
  /** Hash of the key; empty where there is none. */
  readonly key: string;
  readonly status: 'open' | 'released';
  readonly count: number;
  /** When the first event came; null once it is released. */
  readonly since: number | null;
  /** When it is started unless more come; null once it is released. */
  readonly dueAt: number | null;
  /** The execution that it has started; null while it is open. */
  readonly execution: string | null;
};

const HANDLES = ['trigger.gathered', 'trigger.released'] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;

const evolve = (_: GatheringDocument | undefined, event: Event): GatheringDocument => {
  const { workflow, key, count } = event.facts;
  const of = { workflow, key, count };
  if (event.type === 'trigger.released')
    return { ...of, status: 'released', since: null, dueAt: null, execution: event.facts.execution };
  const { since, dueAt } = event.facts;
  return { ...of, status: 'open', since, dueAt, execution: null };
};

/** One document a workflow and key of which events are gathered, by the id of its stream. */
export const gatherings: Projection<GatheringDocument, Event['type']> = {
  name: 'gatherings',
  version: 1,
  handles: HANDLES,
  ignores: [
    ...EXECUTION_EVENTS,
    ...STEP_EVENTS,
    ...WORKFLOW_EVENTS,
    'event.emitted',
    'trigger.fired',
    'trigger.skipped',
    ...NOTIFICATION_EVENTS,
    ...SCHEDULE_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  indexes: [{ fields: ['status', 'dueAt'] }, { fields: ['workflow', 'status', 'dueAt'] }],
  keyOf: ({ stream }) => entityOf(stream),
  evolve,
};
