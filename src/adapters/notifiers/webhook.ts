import { createHmac } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { Message } from '../../ports/notifier.ts';
import { postJson } from './post.ts';

/** Where a webhook is, and the secret that its requests are signed with. */
export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** The signature of a body sent at a time (seconds since the Unix epoch, as text): what `Sagalog-Signature` has behind `v1=`. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');

/** What a webhook is given of a message. */
export const webhookBody = (message: Message): string => {
  const { id, workflow, execution, step, recipient, about, subject, text, requestedAt } = message;
  return JSON.stringify({
    id,
    workflow,
    ...(execution === undefined ? {} : { execution }),
    ...(step === undefined ? {} : { step }),
    recipient,
    about,
    subject,
    text,
    requestedAt: new Date(requestedAt).toISOString(),
  });
};

/** Posts a message, signed. Rejects with `NotDelivered`. */
export const sendWebhook = async (
  { url, secret }: Webhook,
  message: Message,
  signal: AbortSignal,
  clock: Pick<Clock, 'now'>,
): Promise<void> => {
  const body = webhookBody(message);
  const timestamp = String(Math.floor(clock.now() / 1_000));
  const headers = {
    'sagalog-notification': message.id,
    'sagalog-attempt': String(message.attempt),
    'sagalog-timestamp': timestamp,
    'sagalog-signature': `v1=${signatureOf(secret, timestamp, body)}`,
  };
  await postJson(url, body, headers, signal);
};
