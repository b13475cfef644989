import type { Message } from '../../ports/notifier.ts';
import { postJson } from './post.ts';

/** Text that Slack takes as it is: no mention, link or channel can be made of it. */
const plain = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What an incoming webhook of Slack is given of a message. */
export const slackBody = ({ id, subject, text }: Message): string =>
  JSON.stringify({ text: `*${plain(subject)}*\n${plain(text)}\n_Notification ${id}_` });

/** Posts a message to an incoming webhook of Slack. Rejects with `NotDelivered`. */
export const sendSlack = (url: string, message: Message, signal: AbortSignal): Promise<void> =>
  postJson(url, slackBody(message), {}, signal);
