import type { ExecutionStatus, StepStarted } from '../domain/execution/events.ts';
import { branchAt } from '../domain/execution/path.ts';
import type { EventOf } from '../domain/registry.ts';
import type { TimelineDocument, TimelineDraft } from './timeline-document.ts';
import { changeGateEntry, isGateEvent } from './timeline-gates.ts';
import { happened } from './timeline-happened.ts';
import { changeOperatorEntry } from './timeline-operators.ts';
import type { TimelineEvent } from './timeline.projection.ts';

interface Attempt {
  readonly step: string;
  readonly activity: string;
  readonly attempt: number;
  readonly worker?: string;
}

const opened = (
  draft: TimelineDraft,
  kind: 'step' | 'block' | 'child' | 'compensation',
  facts: Attempt,
  revision: number,
): void => {
  draft.kind = kind;
  draft.step = facts.step;
  draft.activity = facts.activity;
  draft.attempt = facts.attempt;
  draft.worker = facts.worker ?? null;
  draft.inputRevision = revision;
};

const kindOf = ({ block, child }: StepStarted['facts']): 'step' | 'block' | 'child' => {
  if (child !== undefined) return 'child';
  return block === undefined ? 'step' : 'block';
};

/** What an attempt is besides a call; its end does not change that. */
const KEPT_KINDS: readonly TimelineDocument['kind'][] = ['wait', 'approval', 'block', 'child'];

const closed = (
  draft: TimelineDraft,
  kind: 'step' | 'compensation',
  status: 'completed' | 'failed' | 'cancelled',
  event: TimelineEvent & {
    readonly facts: Attempt & { readonly duration: number; readonly by?: 'operator' };
  },
): void => {
  const { step, activity, attempt, duration, by = null } = event.facts;
  const { at } = event.commit.metadata;
  draft.kind = KEPT_KINDS.includes(draft.kind) ? draft.kind : kind;
  draft.step = step;
  draft.activity = activity;
  draft.attempt = attempt;
  draft.status = status;
  draft.by = by;
  // An attempt that failed before it could begin has no event of its beginning.
  if (draft.sequence === event.revision) draft.startedAt = at - duration;
  draft.endedAt = at;
  draft.duration = duration;
  if (status === 'completed') draft.outputRevision = event.revision;
  else if (status === 'failed') draft.errorRevision = event.revision;
};

const ended = (
  draft: TimelineDraft,
  status: ExecutionStatus,
  facts: { readonly startedAt: number; readonly duration: number },
): void => {
  draft.kind = 'execution';
  draft.status = status;
  draft.sequence = 0;
  draft.startedAt = facts.startedAt;
  draft.endedAt = facts.startedAt + facts.duration;
  draft.duration = facts.duration;
};

const retried = (draft: TimelineDraft, deadline: number | null): void => {
  draft.kind = 'execution';
  draft.status = 'running';
  draft.deadline = deadline;
  draft.endedAt = null;
  draft.duration = null;
  draft.errorType = null;
  draft.errorRevision = null;
};

/** What was left out while it was under way is the entry of its attempt. */
const skipped = (draft: TimelineDraft, facts: EventOf<'step.skipped'>['facts'], at: number): void => {
  draft.handled = facts.reason;
  draft.by = facts.reason === 'operator' ? 'operator' : null;
  if (facts.attempt === undefined) {
    happened(draft, 'skip', 'skipped', facts.step);
    return;
  }
  draft.status = 'skipped';
  draft.endedAt = at;
  draft.duration = facts.duration ?? 0;
};

const fired = (draft: TimelineDraft, { facts }: TimelineEvent & { readonly type: 'timer.fired' }): void => {
  const { step, purpose } = facts;
  draft.dueAt = facts.dueAt;
  if (purpose !== 'wait' && purpose !== 'timeout') {
    draft.errorType = 'Timeout';
    draft.handled = purpose;
    happened(draft, 'timeout', 'failed', step);
    return;
  }
  if (draft.kind !== 'approval') draft.kind = 'wait';
  draft.step = step;
};

/** Makes an entry say what an event of it tells. */
export const changeEntry = (draft: TimelineDraft, event: TimelineEvent): void => {
  if (isGateEvent(event)) {
    changeGateEntry(draft, event);
    return;
  }
  switch (event.type) {
    case 'execution.started':
      draft.kind = 'execution';
      draft.inputRevision = event.revision;
      draft.deadline = event.facts.deadline ?? null;
      return;
    case 'execution.completed':
      return ended(draft, 'completed', event.facts);
    case 'execution.cancelled':
      return ended(draft, 'cancelled', event.facts);
    case 'execution.paused':
    case 'execution.resumed':
    case 'execution.migrated':
      return changeOperatorEntry(draft, event);
    case 'execution.retried':
      return retried(draft, event.facts.deadline ?? null);
    case 'execution.failed':
      draft.errorType = event.facts.errorType;
      draft.errorRevision = event.revision;
      return ended(draft, 'failed', event.facts);
    case 'saga.compensating':
      draft.kind = 'execution';
      draft.status = 'compensating';
      draft.deadline = event.facts.deadline ?? draft.deadline;
      draft.errorType = event.facts.errorType;
      draft.errorRevision = event.revision;
      return;
    case 'saga.compensated':
      draft.errorType = event.facts.errorType;
      return ended(draft, 'compensated', event.facts);
    case 'step.started':
      draft.fallback = event.facts.fallback;
      draft.child = event.facts.child ?? null;
      draft.label = event.facts.label ?? null;
      draft.deadline = event.facts.deadline ?? null;
      return opened(draft, kindOf(event.facts), event.facts, event.revision);
    case 'step.heartbeat':
      draft.heartbeatAt = event.commit.metadata.at;
      draft.progressRevision = event.revision;
      return;
    case 'step.compensating':
      return opened(draft, 'compensation', event.facts, event.revision);
    case 'step.completed':
      draft.errorType = null;
      draft.errorRevision = null;
      draft.handled = null;
      return closed(draft, 'step', 'completed', event);
    case 'step.compensated':
      return closed(draft, 'compensation', 'completed', event);
    case 'step.failed':
      draft.errorType = event.facts.errorType;
      draft.handled = event.facts.handled;
      return closed(draft, 'step', 'failed', event);
    case 'step.compensation_failed':
      draft.errorType = event.facts.errorType;
      return closed(draft, 'compensation', 'failed', event);
    case 'step.retry_scheduled':
      draft.errorType = event.facts.errorType;
      draft.handled = 'retry';
      draft.dueAt = event.facts.dueAt;
      return closed(draft, event.facts.compensation ? 'compensation' : 'step', 'failed', event);
    case 'timer.scheduled':
      if (draft.kind !== 'approval') draft.kind = 'wait';
      draft.status = 'waiting';
      draft.step = event.facts.step;
      draft.dueAt = event.facts.dueAt;
      return;
    case 'signal.awaited':
      draft.kind = 'wait';
      draft.status = 'waiting';
      draft.step = event.facts.step;
      draft.signal = event.facts.signal;
      return;
    case 'timer.fired':
      return fired(draft, event);
    case 'step.queued':
      draft.label = event.facts.label ?? null;
      draft.dueAt = event.facts.dueAt ?? null;
      draft.deadline = event.facts.deadline ?? null;
      draft.activity = event.facts.activity;
      draft.attempt = event.facts.attempt;
      if (event.facts.reason === 'limit') {
        const { gate, position: count, of, needs = null, capacity = null } = event.facts;
        Object.assign(draft, { gate, count, of, needs, capacity });
      }
      return happened(draft, 'queued', 'queued', event.facts.step);
    case 'step.skipped':
      return skipped(draft, event.facts, event.commit.metadata.at);
    case 'step.cancelled':
      draft.handled = event.facts.reason;
      return closed(draft, 'step', 'cancelled', event);
    case 'step.jumped':
      draft.to = event.facts.to;
      return happened(draft, 'jump', 'jumped', event.facts.step);
    case 'branch.failed':
      draft.errorType = event.facts.errorType;
      draft.errorRevision = event.revision;
      return happened(draft, 'branch', 'failed', branchAt(event.facts.step, event.facts.branch));
    case 'branch.cancelled':
      draft.handled = event.facts.reason;
      return happened(draft, 'branch', 'cancelled', branchAt(event.facts.step, event.facts.branch));
    case 'variables.set':
      draft.outputRevision = event.revision;
      return happened(draft, 'variables', 'set', event.facts.step);
    case 'signal.received':
      draft.signal = event.facts.signal;
      draft.inputRevision = event.revision;
      return happened(draft, 'signal', 'received', event.facts.step);
    case 'approval.requested':
      draft.kind = 'approval';
      draft.status = 'waiting';
      draft.step = event.facts.step;
      return;
    case 'child.started':
      draft.kind = 'child';
      draft.child = event.facts.child;
      draft.step = event.facts.step;
      draft.status = 'waiting';
      return;
    case 'approval.decided':
      draft.inputRevision = event.revision;
      return happened(draft, 'decision', event.facts.decision, event.facts.step);
    case 'step.input_recorded':
      draft.capturedInputRevision = event.revision;
      return;
    case 'step.output_recorded':
      draft.capturedOutputRevision = event.revision;
      return;
    default:
      return event satisfies never;
  }
};
