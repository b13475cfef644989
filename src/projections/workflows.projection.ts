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

/** A workflow as it was registered last. */
export type WorkflowDocument = {
  readonly workflow: string;
  /** Hash of the latest definition. */
  readonly definition: string;
  readonly versions: number;
  /** Type of the event that starts the latest version; null when it is only started by hand. */
  readonly triggerEvent: string | null;
  /** The version that was set to be run; null when new executions run the latest. */
  readonly set: { readonly number: number; readonly triggerEvent: string | null } | null;
  /** Nothing starts it any more. */
  readonly retired: boolean;
  /** Ms since the Unix epoch. */
  readonly registeredAt: number;
  /** The event whose payload holds the latest definition's source. */
  readonly stream: string;
  readonly revision: number;
};

const HANDLES = [
  'workflow.registered',
  'workflow.default_set',
  'workflow.default_cleared',
  'workflow.retired',
  'workflow.unretired',
] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;

/** The type of an event; null for a definition that is only started by hand. */
export const eventOrNone = (triggerEvent: string): string | null =>
  triggerEvent === '' ? null : triggerEvent;

const NEW = { versions: 0, set: null, retired: false, definition: '', triggerEvent: null, registeredAt: 0 };

const evolve = (known: WorkflowDocument | undefined, event: Event): WorkflowDocument => {
  const { facts, stream, revision, commit } = event;
  const doc = known ?? { ...NEW, workflow: facts.workflow, stream, revision };
  switch (event.type) {
    case 'workflow.registered': {
      const { definition, number, triggerEvent } = event.facts;
      return {
        ...doc,
        definition,
        versions: Math.max(doc.versions, number),
        triggerEvent: eventOrNone(triggerEvent),
        registeredAt: commit.metadata.at,
        stream,
        revision,
      };
    }
    case 'workflow.default_set': {
      const { number, triggerEvent } = event.facts;
      return { ...doc, set: { number, triggerEvent: eventOrNone(triggerEvent) } };
    }
    case 'workflow.default_cleared':
      return { ...doc, set: null };
    case 'workflow.retired':
      return { ...doc, retired: true };
    case 'workflow.unretired':
      return { ...doc, retired: false };
    default:
      return event satisfies never;
  }
};

/** One document a workflow, by its name. */
export const workflows: Projection<WorkflowDocument, Event['type']> = {
  name: 'workflows',
  version: 2,
  handles: HANDLES,
  ignores: [
    ...EXECUTION_EVENTS,
    ...STEP_EVENTS,
    'workflow.version_retired',
    'workflow.version_unretired',
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  indexes: [{ fields: ['triggerEvent'] }],
  keyOf: ({ facts }) => facts.workflow,
  evolve,
};
