import { HOME } from '../domain/access/grant.ts';
import type { ExecutionStatus } from '../domain/execution/events.ts';
import type { EventType, Recorded } from '../domain/registry.ts';
import {
  FLOW_EVENTS,
  NODE_EVENTS,
  NOTIFICATION_EVENTS,
  SCHEDULE_EVENTS,
  STEP_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';

/** How many executions of a workflow there are in the views, by status; `queued` are those that wait until fewer go on than may. */
export type ActiveDocument = { readonly workflow: string; readonly tenant: string } & Readonly<
  Record<ExecutionStatus, number>
>;

const HANDLES = [
  'execution.started',
  'execution.requested',
  'execution.admitted',
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'execution.paused',
  'execution.resumed',
  'execution.retried',
  'saga.compensating',
  'saga.compensated',
  'execution.removed',
  'execution.restored',
] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;

/** Where an execution was before the event, and where it is after it; nowhere while it is not shown. */
const moveOf = (event: Event): { readonly from?: ExecutionStatus; readonly to?: ExecutionStatus } => {
  switch (event.type) {
    case 'execution.started':
      return { to: 'running' };
    case 'execution.retried':
      return { from: 'failed', to: 'running' };
    case 'saga.compensating':
      return { from: event.facts.from ?? 'running', to: 'compensating' };
    case 'execution.requested':
      return { from: 'running', to: 'queued' };
    case 'execution.admitted':
      return { from: 'queued', to: 'running' };
    case 'execution.paused':
      return { from: event.facts.from, to: 'paused' };
    case 'execution.resumed':
      return { from: 'paused', to: event.facts.to };
    case 'execution.completed':
      return { from: event.facts.from, to: 'completed' };
    case 'execution.failed':
      return { from: event.facts.from, to: 'failed' };
    case 'execution.cancelled':
      return { from: event.facts.from, to: 'cancelled' };
    case 'saga.compensated':
      return { from: event.facts.from, to: 'compensated' };
    case 'execution.removed':
      return { from: event.facts.status };
    case 'execution.restored':
      // Events of before their status was recorded do not say it, and are still to count in all.
      return { to: event.facts.status ?? 'completed' };
    default:
      return event satisfies never;
  }
};

const NONE = {
  queued: 0,
  running: 0,
  compensating: 0,
  paused: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  compensated: 0,
};

const evolve = (doc: ActiveDocument | undefined, event: Event): ActiveDocument => {
  const { from, to } = moveOf(event);
  const { tenant } = event.commit.metadata;
  const before = doc ?? { workflow: event.facts.workflow, tenant, ...NONE };
  const left = from === undefined ? before : { ...before, [from]: before[from] - 1 };
  return to === undefined ? left : { ...left, [to]: left[to] + 1 };
};

/** One document a workflow and tenant, by its name, behind that of a tenant other than the server's own. */
export const active: Projection<ActiveDocument, Event['type']> = {
  name: 'active',
  version: 7,
  handles: HANDLES,
  ignores: [
    ...STEP_EVENTS,
    'execution.migrated',
    'execution.queued',
    'execution.rejected',
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...FLOW_EVENTS,
    ...NODE_EVENTS,
  ],
  indexes: [{ fields: ['workflow'] }],
  keyOf: ({ facts: { workflow }, commit: { metadata } }) =>
    metadata.tenant === HOME ? workflow : `${metadata.tenant}/${workflow}`,
  evolve,
};
