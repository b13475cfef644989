import { shortened } from '../cut.ts';
import type { ExecutionEvent } from '../execution/events.ts';
import { uuidOf } from '../uuid.ts';
import type { MessageText, NotificationRequested } from './events.ts';
import type { Target } from './target.ts';

/** Events of an execution that may tell somebody of themselves, by their fact `notifies`. */
export const NOTICES = [
  'execution.failed',
  'execution.cancelled',
  'saga.compensating',
  'saga.compensated',
  'step.failed',
] as const satisfies readonly ExecutionEvent['type'][];

/** An event of an execution that may tell somebody of itself. */
export type NoticeEvent = Extract<ExecutionEvent, { type: (typeof NOTICES)[number] }>;

/** A notification to be asked for. */
export interface NotificationRequest {
  readonly id: string;
  readonly event: NotificationRequested;
}

const MOST_TEXT = 4_096;
const MOST_SUBJECT = 200;

/** Whom an event tells of itself. */
export const notifiedBy = (event: ExecutionEvent): readonly Target[] =>
  isNotice(event) ? (event.facts.notifies ?? []) : [];

const isNotice = (event: ExecutionEvent): event is NoticeEvent =>
  (NOTICES as readonly string[]).includes(event.type);

/** The id of a notification that a key stands for, by one of several ways. */
export const notificationIdOf = (key: string, { channel, recipient }: Target): string =>
  uuidOf('notification', `${key}\n${channel}\n${recipient}`);

/** The id of a notification of an event at a revision of an execution. */
export const noticeIdOf = (execution: string, revision: number, target: Target): string =>
  notificationIdOf(`${execution}\n${revision}`, target);

/**
 * What follows from an event at a revision of an execution: the same ids whoever asks, however often, and texts that a
 * payload of `maxPayload` bytes can hold.
 */
export const noticesOf = (
  execution: string,
  revision: number,
  event: ExecutionEvent,
  maxPayload: number,
): readonly NotificationRequest[] => {
  if (!isNotice(event)) return [];
  const { workflow } = event.facts;
  const step = stepOf(event);
  const payload = messageOf(execution, event, maxPayload);
  return notifiedBy(event).map((target) => {
    const about = { workflow, execution, ...(step === '' ? {} : { step }), ...target, about: event.type };
    return {
      id: noticeIdOf(execution, revision, target),
      event: { type: 'notification.requested', facts: { ...about, revision }, payload },
    };
  });
};

/** One line of what may have been several. */
export const lineOf = (text: string, most = MOST_SUBJECT): string =>
  shortened(text.replaceAll(/\s+/g, ' ').trim(), most);

/** Path of the step that it is about; empty where there is none. */
const stepOf = (event: NoticeEvent): string => (event.type === 'execution.cancelled' ? '' : event.facts.step);

const whyOf = (event: NoticeEvent): string => {
  if (event.type === 'execution.cancelled') return `Reason: ${event.payload.reason}`;
  const message = 'payload' in event ? (event.payload?.error.message ?? '') : '';
  if (event.type === 'saga.compensating' && event.facts.cause === 'cancel') return `Reason: ${message}`;
  return `Error: ${event.facts.errorType}${message === '' ? '' : `: ${message}`}`;
};

const leftOf = (event: NoticeEvent): readonly string[] =>
  'uncompensated' in event.facts ? (event.facts.uncompensated ?? []) : [];

const messageOf = (execution: string, event: NoticeEvent, maxPayload: number): MessageText => {
  const step = stepOf(event);
  const left = leftOf(event);
  const lines = [
    `Workflow: ${event.facts.workflow}`,
    `Execution: ${execution}`,
    ...(step === '' ? [] : [`Step: ${step}`]),
    ...(left.length === 0 ? [] : [`Not undone: ${shortened(left.join(', '), MOST_TEXT)}`]),
    whyOf(event),
  ];
  // A character takes up to six bytes of JSON.
  return {
    subject: lineOf(subjectOf(event, left.length), Math.min(MOST_SUBJECT, Math.floor(maxPayload / 32))),
    text: shortened(lines.join('\n'), Math.min(MOST_TEXT, Math.floor(maxPayload / 16))),
  };
};

const subjectOf = (event: NoticeEvent, left: number): string => {
  const { workflow } = event.facts;
  const step = stepOf(event);
  const at = step === '' ? '' : ` at ${step}`;
  const hand = left === 0 ? '' : ` and needs a hand, ${left} not undone`;
  switch (event.type) {
    case 'execution.failed':
      return `${workflow} failed${at}${hand}: ${event.facts.errorType}`;
    case 'execution.cancelled':
      if (event.facts.terminated) return `${workflow} was terminated${hand}`;
      return left === 0 ? `${workflow} was cancelled and undone` : `${workflow} was cancelled${hand}`;
    case 'saga.compensating':
      return event.facts.cause === 'cancel'
        ? `${workflow} was cancelled and is being undone`
        : `${workflow} failed${at} and is being undone: ${event.facts.errorType}`;
    case 'saga.compensated':
      return `${workflow} failed${at} and was undone: ${event.facts.errorType}`;
    case 'step.failed':
      return `${workflow}: ${step} failed, and the run goes on: ${event.facts.errorType}`;
    default:
      return event satisfies never;
  }
};
