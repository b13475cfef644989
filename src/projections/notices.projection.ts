import { noticeIdOf, NOTICES } from '../domain/notification/notice.ts';
import type { EventType, Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import {
  FLOW_EVENTS,
  OPERATOR_EVENTS,
  RUN_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  STEP_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';

/** An event of an execution that tells somebody of itself. */
export type NoticeDocument = {
  readonly execution: string;
  readonly revision: number;
  /** Ids of the notifications that were not asked for yet, and how many there are. */
  readonly left: readonly string[];
  readonly count: number;
};

const HANDLES = [...NOTICES, 'notification.requested'] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;

const keyOf = (event: Event): string | undefined => {
  if (event.type === 'notification.requested') {
    const { execution, revision } = event.facts;
    return revision === undefined ? undefined : `${execution}:${revision}`;
  }
  return event.facts.notifies === undefined ? undefined : `${entityOf(event.stream)}:${event.revision}`;
};

const counted = (execution: string, revision: number, left: readonly string[]): NoticeDocument => ({
  execution,
  revision,
  left,
  count: left.length,
});

const evolve = (doc: NoticeDocument | undefined, event: Event): NoticeDocument => {
  if (event.type === 'notification.requested') {
    const { execution = '', revision = 0 } = event.facts;
    const id = entityOf(event.stream);
    return counted(execution, revision, doc?.left.filter((other) => other !== id) ?? []);
  }
  const execution = entityOf(event.stream);
  const ids = (event.facts.notifies ?? []).map((target) => noticeIdOf(execution, event.revision, target));
  return counted(execution, event.revision, ids);
};

/** One document an event that tells somebody of itself, by its execution and revision. */
export const notices: Projection<NoticeDocument, Event['type']> = {
  name: 'notices',
  version: 2,
  handles: HANDLES,
  ignores: [
    'execution.started',
    'execution.completed',
    ...OPERATOR_EVENTS,
    ...RUN_EVENTS,
    ...STEP_EVENTS.filter((type) => type !== 'step.failed'),
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    'notification.resend_requested',
    'notification.sent',
    'notification.failed',
    'notification.dead_lettered',
    ...SCHEDULE_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  forgets: { field: 'execution' },
  indexes: [{ fields: ['count'] }, { fields: ['execution', 'count'] }],
  keyOf,
  evolve,
};
