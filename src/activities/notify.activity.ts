import {
  CHANNELS,
  targetsOf,
  type Channel,
  type Directory,
  type Target,
} from '../domain/notification/target.ts';
import { lineOf, notificationIdOf, type NotificationRequest } from '../domain/notification/notice.ts';
import { Rejection } from '../domain/rejection.ts';
import type { Activity, ActivityContext } from '../ports/activities.ts';
import { defineActivity } from './define-activity.ts';
import { NonRetryable } from './non-retryable.ts';

interface NotifyInput {
  readonly channels?: readonly Channel[];
  readonly recipients?: readonly string[];
  readonly subject: string;
  readonly text?: string;
}

/** What `notify` needs of the server. */
export interface NotifyParts {
  /** Whom the server can tell, where it was told. */
  readonly directory: Directory | undefined;
  /** Who is told as usual by the definition that an execution runs. */
  readonly usual: (executionId: string) => Promise<readonly Target[]>;
  /** Makes requests durable. */
  readonly request: (requests: readonly NotificationRequest[], executionId: string) => Promise<void>;
}

/**
 * The built-in `notify`: tells recipients by channels, those of the definition's notification unless the input says
 * others. It ends once that is asked for, with the ids; whether they are delivered changes no outcome.
 */
export const notifyActivity = ({ directory, usual, request }: NotifyParts): Activity =>
  defineActivity<NotifyInput>({
    name: 'notify',
    // What it asks for has ids that follow from the step.
    idempotent: true,
    input: {
      type: 'object',
      required: ['subject'],
      additionalProperties: false,
      properties: {
        channels: { type: 'array', minItems: 1, items: { enum: CHANNELS } },
        recipients: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
        subject: { type: 'string', minLength: 1 },
        text: { type: 'string' },
      },
    },
    run: async (ctx, { channels, recipients, subject, text = '' }) => {
      const own = channels === undefined || recipients === undefined ? await usual(ctx.executionId) : [];
      const targets = targetsOf(
        channels ?? own.map(({ channel }) => channel),
        recipients ?? own.map(({ recipient }) => recipient),
      );
      check(targets, directory);
      const requests = targets.map((target) => ({
        id: notificationIdOf(ctx.idempotencyKey, target),
        event: requested(ctx, target, { subject: lineOf(subject), text }),
      }));
      await request(requests, ctx.executionId).catch(refusedOf);
      return { notifications: requests.map(({ id }) => id) };
    },
  });

/** A text that no event can hold is none tomorrow either. */
const refusedOf = (error: unknown): never => {
  if (!(error instanceof Rejection) || error.code !== 'PAYLOAD_TOO_LARGE') throw error;
  throw new NonRetryable(error.message, { type: 'PayloadTooLarge', cause: error });
};

const requested = (
  { workflow, executionId, step }: ActivityContext,
  target: Target,
  payload: NotificationRequest['event']['payload'],
): NotificationRequest['event'] => ({
  type: 'notification.requested',
  facts: { workflow, execution: executionId, step, ...target, about: 'notify' },
  payload,
});

const check = (targets: readonly Target[], directory: Directory | undefined): void => {
  if (targets.length === 0)
    throw new NonRetryable(
      'Expected channels and recipients in the input or in the definition, but there are none.',
      { type: 'NobodyTold' },
    );
  for (const { channel, recipient } of directory === undefined ? [] : targets) {
    const known = directory?.get(recipient);
    if (known === undefined)
      throw new NonRetryable(`Expected a recipient that the server knows, but there is no "${recipient}".`, {
        type: 'UnknownRecipient',
      });
    if (!known.includes(channel))
      throw new NonRetryable(`Expected a recipient with ${channel}, but "${recipient}" has none.`, {
        type: 'NoSuchChannel',
      });
  }
};
