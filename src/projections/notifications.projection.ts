import type { NotificationStatus } from '../domain/notification/state.ts';
import type { Channel } from '../domain/notification/target.ts';
import type { Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import {
  FLOW_EVENTS,
  NOTIFICATION_EVENTS,
  OPERATOR_EVENTS,
  RUN_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  STEP_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';

/** One notification over one channel. Times are ms since the Unix epoch; null where there is nothing to say. */
export type NotificationDocument = {
  readonly id: string;
  readonly workflow: string;
  readonly tenant: string;
  readonly execution: string | null;
  readonly step: string | null;
  readonly channel: Channel;
  readonly recipient: string;
  readonly about: string;
  readonly status: Exclude<NotificationStatus, 'none'>;
  readonly attempts: number;
  readonly requestedAt: number;
  /** When it is tried next, while it is pending. */
  readonly dueAt: number | null;
  readonly sentAt: number | null;
  /** Type of the error of its last failed attempt, until it is sent. */
  readonly errorType: string | null;
  /** Its events, and with them its payloads, are in this stream; the first one's payload is what is told. */
  readonly stream: string;
  /** Revision of the event whose payload holds the last error. */
  readonly errorRevision: number | null;
};

type Event = Recorded<(typeof NOTIFICATION_EVENTS)[number]>;

const blank = ({ stream, facts, commit }: Event): NotificationDocument => ({
  id: entityOf(stream),
  workflow: facts.workflow,
  tenant: commit.metadata.tenant,
  execution: facts.execution ?? null,
  step: facts.step ?? null,
  channel: facts.channel,
  recipient: facts.recipient,
  about: facts.about,
  status: 'pending',
  attempts: 0,
  requestedAt: commit.metadata.at,
  dueAt: null,
  sentAt: null,
  errorType: null,
  stream,
  errorRevision: null,
});

const change = (event: Event): Partial<NotificationDocument> => {
  const { at } = event.commit.metadata;
  switch (event.type) {
    case 'notification.requested':
    case 'notification.resend_requested':
      return { status: 'pending', dueAt: at };
    case 'notification.sent': {
      const { attempt: attempts } = event.facts;
      return { status: 'sent', attempts, dueAt: null, sentAt: at, errorType: null, errorRevision: null };
    }
    case 'notification.failed': {
      const { attempt: attempts, errorType, dueAt = null } = event.facts;
      return { attempts, errorType, dueAt, errorRevision: event.revision };
    }
    case 'notification.dead_lettered':
      return { status: 'dead_lettered', dueAt: null };
    default:
      return event satisfies never;
  }
};

/** One document a notification, by its id. */
export const notifications: Projection<NotificationDocument, Event['type']> = {
  name: 'notifications',
  version: 3,
  handles: NOTIFICATION_EVENTS,
  ignores: [
    'execution.started',
    'execution.completed',
    'execution.failed',
    'execution.cancelled',
    'saga.compensating',
    'saga.compensated',
    ...STEP_EVENTS,
    ...OPERATOR_EVENTS,
    ...RUN_EVENTS,
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  forgets: { field: 'execution' },
  indexes: [
    { fields: ['tenant', 'requestedAt'] },
    { fields: ['tenant', 'status', 'requestedAt'] },
    { fields: ['tenant', 'workflow', 'requestedAt'] },
    { fields: ['execution', 'requestedAt'] },
  ],
  keyOf: ({ stream }) => entityOf(stream),
  evolve: (doc, event) => ({ ...(doc ?? blank(event)), ...change(event) }),
};
