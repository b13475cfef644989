import type { EventType, Recorded } from '../domain/registry.ts';
import {
  EXECUTION_EVENTS,
  FLOW_EVENTS,
  NOTIFICATION_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  STEP_EVENTS,
  TRIGGER_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';
import { eventOrNone } from './workflows.projection.ts';

/** A version of a workflow. */
export type VersionDocument = {
  readonly workflow: string;
  readonly number: number;
  /** Hash of its definition. */
  readonly definition: string;
  /** Type of the event that starts it; null when it is only started by hand. */
  readonly triggerEvent: string | null;
  /** Nothing starts it any more. */
  readonly retired: boolean;
  /** Ms since the Unix epoch. */
  readonly registeredAt: number;
  /** The event whose payload holds its source. */
  readonly stream: string;
  readonly revision: number;
};

const HANDLES = [
  'workflow.registered',
  'workflow.version_retired',
  'workflow.version_unretired',
] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;

const evolve = (known: VersionDocument | undefined, event: Event): VersionDocument => {
  const { facts, stream, revision, commit } = event;
  const { workflow, number, definition } = facts;
  const registeredAt = commit.metadata.at;
  const doc = known ?? {
    workflow,
    number,
    definition,
    triggerEvent: null,
    retired: false,
    registeredAt,
    stream,
    revision,
  };
  if (event.type !== 'workflow.registered')
    return { ...doc, retired: event.type === 'workflow.version_retired' };
  return { ...doc, triggerEvent: eventOrNone(event.facts.triggerEvent) };
};

/** The key of a version's document. */
export const versionKey = (workflow: string, number: number): string => `${workflow}@${number}`;

/** One document a version of a workflow. */
export const versions: Projection<VersionDocument, Event['type']> = {
  name: 'versions',
  version: 1,
  handles: HANDLES,
  ignores: [
    ...EXECUTION_EVENTS,
    ...STEP_EVENTS,
    'workflow.default_set',
    'workflow.default_cleared',
    'workflow.retired',
    'workflow.unretired',
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...FLOW_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...PARTITION_EVENTS,
  ],
  indexes: [{ fields: ['workflow', 'number'] }],
  keyOf: ({ facts: { workflow, number } }) => versionKey(workflow, number),
  evolve,
};
