import type { ErrorPayload } from '../execution/events.ts';
import type { DomainEvent } from '../event.ts';
import type { Channel } from './target.ts';

/** What every event of a notification says. */
export interface OfNotification {
  readonly workflow: string;
  /** The execution that it tells of, and the step. */
  readonly execution?: string;
  readonly step?: string;
  readonly channel: Channel;
  /** A name of the server's configuration. */
  readonly recipient: string;
  /** Type of the event that it tells of; `notify` when a step asked for it. */
  readonly about: string;
}

/** What somebody is told. */
export interface MessageText {
  /** One line. */
  readonly subject: string;
  readonly text: string;
}

type E<Type extends string, F, P = undefined> = P extends undefined
  ? DomainEvent<Type, F, undefined>
  : DomainEvent<Type, F, P> & { readonly payload: P };

/** Somebody is to be told. `revision` is where the event that it is about stands in its execution. */
export type NotificationRequested = E<
  'notification.requested',
  OfNotification & { readonly revision?: number },
  MessageText
>;
/** An operator wants the message sent once more: from now on it is tried as if it were new. */
export type NotificationResendRequested = E<
  'notification.resend_requested',
  OfNotification,
  { readonly reason: string }
>;
/** The channel has taken the message. `attempt` counts from 1, `duration` is in ms. */
export type NotificationSent = E<
  'notification.sent',
  OfNotification & { readonly attempt: number; readonly duration: number }
>;
/** The channel has not taken the message; it is tried again at `dueAt` (ms since the Unix epoch), if there is one. */
export type NotificationFailed = E<
  'notification.failed',
  OfNotification & {
    readonly attempt: number;
    readonly duration: number;
    readonly errorType: string;
    readonly dueAt?: number;
  },
  { readonly error: ErrorPayload }
>;
/** The message is not tried any more, until an operator wants that. */
export type NotificationDeadLettered = E<
  'notification.dead_lettered',
  OfNotification & { readonly attempts: number; readonly errorType: string }
>;

/** Everything that can happen to a notification. */
export type NotificationEvent =
  | NotificationRequested
  | NotificationResendRequested
  | NotificationSent
  | NotificationFailed
  | NotificationDeadLettered;
