import type { Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import {
  APPROVAL_EVENTS,
  EXECUTION_EVENTS,
  NOTIFICATION_EVENTS,
  OTHER_STEP_EVENTS,
  FLOW_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';

/** A decision that a step of an execution waits for, or waited for. Times are ms since the Unix epoch. */
export type ApprovalDocument = {
  readonly executionId: string;
  readonly workflow: string;
  readonly tenant: string;
  /** The step's path. */
  readonly step: string;
  readonly attempt: number;
  readonly status: 'pending' | 'approved' | 'rejected' | 'withdrawn';
  /** Who may decide; everybody when it is empty. */
  readonly assignees: readonly string[];
  readonly requestedAt: number;
  /** After which nobody may any more; null when there is no such time. */
  readonly dueAt: number | null;
  readonly endedAt: number | null;
};

const HANDLES = APPROVAL_EVENTS;

type Event = Recorded<(typeof HANDLES)[number]>;

const FIRST_ATTEMPT = 1;

const blank = ({ stream, facts, commit }: Event): ApprovalDocument => ({
  executionId: entityOf(stream),
  workflow: facts.workflow,
  tenant: commit.metadata.tenant,
  step: facts.step,
  attempt: facts.attempt ?? FIRST_ATTEMPT,
  status: 'pending',
  assignees: [],
  requestedAt: commit.metadata.at,
  dueAt: null,
  endedAt: null,
});

const evolve = (doc: ApprovalDocument | undefined, event: Event): ApprovalDocument => {
  const before = doc ?? blank(event);
  const endedAt = event.commit.metadata.at;
  switch (event.type) {
    case 'approval.requested':
      return { ...before, assignees: event.facts.assignees, dueAt: event.facts.dueAt ?? null };
    case 'approval.decided':
      return { ...before, status: event.facts.decision, endedAt };
    case 'approval.withdrawn':
      return { ...before, status: 'withdrawn', endedAt };
    default:
      return event satisfies never;
  }
};

/** One document a decision that was asked for, by its execution, step and attempt. */
export const approvals: Projection<ApprovalDocument, Event['type']> = {
  name: 'approvals',
  version: 4,
  handles: HANDLES,
  ignores: [
    ...EXECUTION_EVENTS,
    ...OTHER_STEP_EVENTS,
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  forgets: { field: 'executionId' },
  isOfOneExecution: true,
  indexes: [{ fields: ['tenant', 'status', 'requestedAt'] }, { fields: ['executionId'] }],
  keyOf: ({ stream, facts }) => `${entityOf(stream)}:${facts.step}:${facts.attempt ?? FIRST_ATTEMPT}`,
  evolve,
};
