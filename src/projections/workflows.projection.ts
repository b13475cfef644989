import type { Recorded } from '../domain/registry.ts';
import {
  FLOW_EVENTS,
  NOTIFICATION_EVENTS,
  OPERATOR_EVENTS,
  PARTITION_EVENTS,
  STEP_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';

/** A workflow as it was registered last. */
export type WorkflowDocument = {
  readonly workflow: string;
  /** Hash of the latest definition. */
  readonly definition: string;
  readonly versions: number;
  /** Type of the event that starts it; null when it is only started by hand. */
  readonly triggerEvent: string | null;
  /** Ms since the Unix epoch. */
  readonly registeredAt: number;
  /** The event whose payload holds the latest definition's source. */
  readonly stream: string;
  readonly revision: number;
};

type Event = Recorded<'workflow.registered'>;

/** One document a workflow, by its name. */
export const workflows: Projection<WorkflowDocument, Event['type']> = {
  name: 'workflows',
  version: 1,
  handles: ['workflow.registered'],
  ignores: [
    'execution.started',
    'execution.completed',
    'execution.failed',
    'execution.cancelled',
    'saga.compensating',
    'saga.compensated',
    ...STEP_EVENTS,
    ...OPERATOR_EVENTS,
    'event.emitted',
    ...NOTIFICATION_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  indexes: [{ fields: ['triggerEvent'] }],
  keyOf: ({ facts }) => facts.workflow,
  evolve: (doc, { facts, stream, revision, commit }) => ({
    workflow: facts.workflow,
    definition: facts.definition,
    versions: Math.max(doc?.versions ?? 0, facts.number),
    triggerEvent: facts.triggerEvent === '' ? null : facts.triggerEvent,
    registeredAt: commit.metadata.at,
    stream,
    revision,
  }),
};
