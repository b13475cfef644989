import type { Gate } from '../domain/execution/admission-events.ts';
import type { TimelineDraft } from './timeline-document.ts';
import { happened } from './timeline-happened.ts';
import type { TimelineEvent } from './timeline.projection.ts';

/** How a breaker stands after a transition. */
export type BreakerStatus = 'open' | 'half_open' | 'closed';

const SHOWN = [
  'execution.queued',
  'execution.admitted',
  'execution.rejected',
  'step.admitted',
  'step.rejected',
  'breaker.opened',
  'breaker.half_opened',
  'breaker.closed',
] as const;

/** What the timeline shows of what limits activities and executions. */
export type GateEvent = Extract<TimelineEvent, { type: (typeof SHOWN)[number] }>;

/** Whether an event is one of those. */
export const isGateEvent = (event: TimelineEvent): event is GateEvent =>
  SHOWN.some((type) => type === event.type);

interface Counted {
  readonly activity: string;
  readonly attempt: number;
  readonly gate: Gate;
  readonly count: number | null;
  readonly of: number | null;
}

const counted = (draft: TimelineDraft, { activity, attempt, gate, count, of }: Counted): void => {
  Object.assign(draft, { activity, attempt, gate, count, of });
};

const STATUSES = {
  'breaker.opened': 'open',
  'breaker.half_opened': 'half_open',
  'breaker.closed': 'closed',
} as const satisfies Record<string, BreakerStatus>;

/** Makes an entry say what an event of a gate tells. */
export const changeGateEntry = (draft: TimelineDraft, event: GateEvent): void => {
  switch (event.type) {
    case 'step.admitted':
      counted(draft, event.facts);
      if (event.facts.needs !== undefined)
        Object.assign(draft, { needs: event.facts.needs, capacity: event.facts.of });
      return happened(draft, 'admission', 'admitted', event.facts.step);
    case 'step.rejected':
      counted(draft, event.facts);
      draft.errorType = event.facts.errorType;
      draft.errorRevision = event.revision;
      draft.dueAt = event.facts.dueAt ?? null;
      return happened(draft, 'rejection', 'rejected', event.facts.step);
    case 'execution.queued': {
      const { gate, position: count, of } = event.facts;
      Object.assign(draft, { gate, count, of });
      return happened(draft, 'queued', 'queued', '');
    }
    case 'execution.admitted': {
      const { gate, count, of } = event.facts;
      Object.assign(draft, { gate, count, of });
      return happened(draft, 'admission', 'admitted', '');
    }
    case 'execution.rejected': {
      const { gate, count, of, errorType } = event.facts;
      Object.assign(draft, { gate, count, of, errorType, errorRevision: event.revision });
      return happened(draft, 'rejection', 'rejected', '');
    }
    case 'breaker.opened':
      draft.dueAt = event.facts.until;
      draft.errorType = event.facts.errorType;
      break;
    case 'breaker.half_opened':
    case 'breaker.closed':
      break;
    default:
      return event satisfies never;
  }
  const { facts } = event;
  const { failures: count = null, threshold: of = null } = 'failures' in facts ? facts : {};
  counted(draft, { activity: facts.key, attempt: facts.attempt, gate: 'circuit_breaker', count, of });
  happened(draft, 'breaker', STATUSES[event.type], facts.step);
};
