import { channelsOf, type Recipient } from '../../domain/notification/recipients.ts';
import type { Clock } from '../../ports/clock.ts';
import { NotDelivered, type Message, type Notifier } from '../../ports/notifier.ts';
import type { Email } from './email.ts';
import { sendSlack } from './slack.ts';
import { sendWebhook } from './webhook.ts';

/** What `createNotifier` needs. */
export interface NotifierOptions {
  /** Whom it can reach; `undefined` where it was told of nobody. */
  readonly recipients: ReadonlyMap<string, Recipient> | undefined;
  /** Without it no e-mail can be sent. */
  readonly email: Email | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/** Sends messages by Slack, e-mail and webhooks. */
export const createNotifier = ({ recipients, email, clock }: NotifierOptions): Notifier => {
  const directory =
    recipients && new Map([...recipients].map(([name, recipient]) => [name, channelsOf(recipient)]));

  const send = async (message: Message, signal: AbortSignal): Promise<void> => {
    const recipient = recipients?.get(message.recipient);
    if (recipient === undefined) throw unknown(message);
    const { slack, email: addresses, webhook } = recipient;
    if (message.channel === 'slack' && slack !== undefined) return sendSlack(slack, message, signal);
    if (message.channel === 'webhook' && webhook !== undefined)
      return sendWebhook(webhook, message, signal, clock);
    if (message.channel !== 'email' || addresses === undefined) throw unreachable(message);
    if (email === undefined) throw noServer();
    return email.send(addresses, message, signal);
  };

  return { directory, send };
};

// Whoever mends the configuration can send all of these once more.
const unknown = ({ recipient }: Message): NotDelivered =>
  new NotDelivered(
    'UnknownRecipient',
    `Expected a recipient that the server knows, but there is no "${recipient}".`,
    { isFinal: true },
  );

const unreachable = ({ recipient, channel }: Message): NotDelivered =>
  new NotDelivered('NoSuchChannel', `Expected a recipient with ${channel}, but "${recipient}" has none.`, {
    isFinal: true,
  });

const noServer = (): NotDelivered =>
  new NotDelivered(
    'NoMailServer',
    'Expected a server that takes e-mail in SAGALOG_SMTP_URL, but it is not set.',
    {
      isFinal: true,
    },
  );
