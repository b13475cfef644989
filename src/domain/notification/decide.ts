import type { RetryPolicy } from '../definition/definition.ts';
import type { ErrorPayload } from '../execution/events.ts';
import { Rejection } from '../rejection.ts';
import { isRetried, retryDelay } from '../resilience/retry.ts';
import type { NotificationEvent, NotificationRequested } from './events.ts';
import type { NotificationState } from './state.ts';

/** How often one is tried before it is given up: over about an hour. */
export const NOTIFICATION_RETRY: RetryPolicy = {
  maxAttempts: 10,
  initial: 1_000,
  multiplier: 4,
  max: 900_000,
  jitter: 0.1,
  nonRetryable: [],
};

/** Somebody is to be told. */
export interface Request {
  readonly type: 'request';
  readonly event: NotificationRequested;
}

/** How an attempt ended that took `duration` ms. */
export type Report = { readonly type: 'report'; readonly attempt: number; readonly duration: number } & (
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly error: ErrorPayload;
      /** Trying again would come to the same. */
      readonly isFinal: boolean;
      /** Milliseconds that whoever was to take it asked to be left alone for. */
      readonly pause?: number;
    }
);

/** It is to be sent once more. */
export interface Resend {
  readonly type: 'resend';
  readonly id: string;
  readonly reason: string;
}

/** Everything that can be asked of a notification. */
export type NotificationCommand = Request | Report | Resend;

/** What a decision is told of the world. */
export interface NotifyContext {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/**
 * Decides what a command means for a notification; no events: it changes nothing. Pure.
 * Throws `Rejection` (`NOTIFICATION_NOT_FOUND`, `NOTIFICATION_PENDING`) for what an operator asks in vain.
 */
export const decideNotification = (
  state: NotificationState,
  command: NotificationCommand,
  context: NotifyContext,
): readonly NotificationEvent[] => {
  switch (command.type) {
    case 'request':
      return state.status === 'none' ? [command.event] : [];
    case 'report':
      return report(state, command, context);
    case 'resend':
      return resend(state, command);
    default:
      return command satisfies never;
  }
};

const report = (
  { status, of, attempts, tries }: NotificationState,
  command: Report,
  { now, random }: NotifyContext,
): readonly NotificationEvent[] => {
  const { attempt, duration } = command;
  if (of === undefined || status !== 'pending' || attempt !== attempts + 1) return [];
  const ended = { ...of, attempt, duration };
  if (command.ok) return [{ type: 'notification.sent', facts: ended }];
  const { error, isFinal, pause = 0 } = command;
  const failed = { ...ended, errorType: error.type };
  if (!isFinal && isRetried(NOTIFICATION_RETRY, tries + 1, error.type)) {
    const delay = retryDelay(NOTIFICATION_RETRY, tries + 1, random);
    const dueAt = now + Math.max(delay, Math.min(pause, NOTIFICATION_RETRY.max));
    return [{ type: 'notification.failed', facts: { ...failed, dueAt }, payload: { error } }];
  }
  return [
    { type: 'notification.failed', facts: failed, payload: { error } },
    { type: 'notification.dead_lettered', facts: { ...of, attempts: attempt, errorType: error.type } },
  ];
};

const resend = ({ status, of }: NotificationState, { id, reason }: Resend): readonly NotificationEvent[] => {
  if (of === undefined) {
    throw new Rejection(
      'NOTIFICATION_NOT_FOUND',
      `Expected the id of a notification, but there is none with "${id}".`,
      { field: 'id', found: id },
    );
  }
  if (status === 'pending') {
    throw new Rejection(
      'NOTIFICATION_PENDING',
      `Expected a notification that was sent or given up, but ${id} is still being tried.`,
      { field: 'id', found: 'pending', expected: 'sent or dead_lettered' },
    );
  }
  return [{ type: 'notification.resend_requested', facts: of, payload: { reason } }];
};
