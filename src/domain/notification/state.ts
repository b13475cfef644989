import type { MessageText, NotificationEvent, OfNotification } from './events.ts';

/** Where a notification is: `pending` while it is to be sent, `none` before it was asked for. */
export type NotificationStatus = 'none' | 'pending' | 'sent' | 'dead_lettered';

/** A notification as its stream tells it. */
export interface NotificationState {
  readonly status: NotificationStatus;
  readonly of: OfNotification | undefined;
  readonly message: MessageText;
  /** Attempts so far, and those since it was asked for last. */
  readonly attempts: number;
  readonly tries: number;
  /** When it is tried next, and when it was asked for first; ms since the Unix epoch. */
  readonly dueAt: number;
  readonly requestedAt: number;
}

/** Nothing was asked for. */
export const UNREQUESTED: NotificationState = Object.freeze({
  status: 'none',
  of: undefined,
  message: { subject: '', text: '' },
  attempts: 0,
  tries: 0,
  dueAt: 0,
  requestedAt: 0,
});

/** The notification after an event that happened at `at` (ms since the Unix epoch). The same live and in replay. */
export const evolveNotification = (
  state: NotificationState,
  event: NotificationEvent,
  at: number,
): NotificationState => {
  switch (event.type) {
    case 'notification.requested': {
      const { revision: _revision, ...of } = event.facts;
      return { ...state, status: 'pending', of, message: event.payload, dueAt: at, requestedAt: at };
    }
    case 'notification.resend_requested':
      return { ...state, status: 'pending', tries: 0, dueAt: at };
    case 'notification.sent':
      return { ...state, status: 'sent', attempts: event.facts.attempt };
    case 'notification.failed':
      return {
        ...state,
        attempts: event.facts.attempt,
        tries: state.tries + 1,
        dueAt: event.facts.dueAt ?? state.dueAt,
      };
    case 'notification.dead_lettered':
      return { ...state, status: 'dead_lettered' };
    default:
      return event satisfies never;
  }
};
