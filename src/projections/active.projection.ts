import type { EventType, Recorded } from '../domain/registry.ts';
import { PARTITION_EVENTS, STEP_EVENTS } from './ignored.ts';
import type { Projection } from './projection.ts';

/** How many executions of a workflow are active, by status. */
export type ActiveDocument = {
  readonly workflow: string;
  readonly running: number;
  readonly compensating: number;
};

const HANDLES = [
  'execution.started',
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'saga.compensating',
  'saga.compensated',
] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;

const evolve = (doc: ActiveDocument | undefined, event: Event): ActiveDocument => {
  const { workflow, running, compensating } = doc ?? {
    workflow: event.facts.workflow,
    running: 0,
    compensating: 0,
  };
  switch (event.type) {
    case 'execution.started':
      return { workflow, running: running + 1, compensating };
    case 'saga.compensating':
      return { workflow, running: running - 1, compensating: compensating + 1 };
    case 'execution.completed':
    case 'execution.failed':
    case 'execution.cancelled':
    case 'saga.compensated':
      return event.facts.from === 'running'
        ? { workflow, running: running - 1, compensating }
        : { workflow, running, compensating: compensating - 1 };
    default:
      return event satisfies never;
  }
};

/** One document a workflow, by its name. */
export const active: Projection<ActiveDocument, Event['type']> = {
  name: 'active',
  version: 1,
  handles: HANDLES,
  ignores: [...STEP_EVENTS, 'workflow.registered', 'event.emitted', ...PARTITION_EVENTS],
  indexes: [],
  keyOf: ({ facts }) => facts.workflow,
  evolve,
};
