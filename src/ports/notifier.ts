import type { MessageText, OfNotification } from '../domain/notification/events.ts';
import type { Directory } from '../domain/notification/target.ts';

/** What is to be handed to a recipient over a channel. */
export interface Message extends OfNotification, MessageText {
  /** The same over all attempts: who gets one twice can tell. */
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  /** When it was asked for, ms since the Unix epoch. */
  readonly requestedAt: number;
}

/** Hands messages over. */
export interface Notifier {
  /** Whom it can reach and how; `undefined` where the server was told of nobody. */
  readonly directory: Directory | undefined;
  /**
   * Resolves once the channel has taken a message. Rejects with `NotDelivered`, whose message holds no secret.
   * Gives up when the signal is aborted.
   */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

/** How a message was not delivered. */
export interface NotDeliveredOptions {
  /** Trying again would come to the same. */
  readonly isFinal?: boolean;
  /** Milliseconds that the other side asked to be left alone for. */
  readonly pause?: number;
  readonly cause?: unknown;
}

/** The channel has not taken a message, as far as one knows. */
export class NotDelivered extends Error {
  readonly code = 'NOT_DELIVERED';
  /** What kind of failure it is, in events. */
  readonly type: string;
  readonly isFinal: boolean;
  readonly pause: number | undefined;

  constructor(type: string, message: string, { isFinal = false, pause, cause }: NotDeliveredOptions = {}) {
    super(message, { cause });
    this.name = 'NotDelivered';
    this.type = type;
    this.isFinal = isFinal;
    this.pause = pause;
  }
}
