import { createTransport } from 'nodemailer';
import { NotDelivered, type Message } from '../../ports/notifier.ts';

/** The server that takes e-mail, and whom it is from. */
export interface EmailOptions {
  /** `smtp://` (TLS when the server offers it) or `smtps://`, with user and password if it wants them. */
  readonly url: string;
  readonly from: string;
}

/** Sends e-mail. */
export interface Email {
  /** Resolves once the server has taken the message for all addresses. Rejects with `NotDelivered`. */
  send(to: readonly string[], message: Message, signal: AbortSignal): Promise<void>;
}

interface SmtpError {
  readonly code?: unknown;
  /** Of the system, where there is one. */
  readonly originalCode?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
}

/** A connection a message: there are few, and a server that was away is found again by the next. */
export const createEmail = ({ url, from }: EmailOptions): Email => ({
  send: async (to, message, signal) => {
    const transport = createTransport({ url });
    try {
      const { rejectedErrors = [] } = await transport.sendMail({ ...mailOf(from, to, message), signal });
      if (rejectedErrors.length > 0) throw notTaken(rejectedErrors, to.length);
    } catch (error) {
      throw error instanceof NotDelivered ? error : failed(error as SmtpError, new URL(url).host);
    } finally {
      transport.close();
    }
  },
});

const mailOf = (from: string, to: readonly string[], { id, subject, text }: Message) => ({
  from,
  to: [...to],
  subject,
  text: `${text}\n\nNotification ${id}\n`,
  // The same over all attempts, so that mail readers show a message once that was taken twice.
  messageId: `<${id}@sagalog>`,
  headers: { 'X-Sagalog-Notification': id, 'Auto-Submitted': 'auto-generated' },
  // Neither files nor other servers are read for a message.
  disableFileAccess: true,
  disableUrlAccess: true,
});

/** Some addresses have the message: those who get it again are asked to only for others that may still take it. */
const notTaken = (rejected: readonly SmtpError[], all: number): NotDelivered => {
  const codes = rejected.map(({ responseCode }) => responseCode);
  return new NotDelivered(
    'SmtpRejected',
    `Expected ${all} addresses to be taken, but ${rejected.length} were refused: ${[...new Set(codes)].join(', ')}.`,
    { isFinal: codes.every((code) => typeof code === 'number' && code >= 500) },
  );
};

/** What the server said, without what it repeats of what it was told. */
const failed = (
  { code, originalCode = code, command, responseCode }: SmtpError,
  host: string,
): NotDelivered => {
  const at = typeof command === 'string' ? ` at ${command.split(' ')[0]}` : '';
  if (typeof responseCode === 'number')
    return new NotDelivered(
      `Smtp${responseCode}`,
      `Expected ${host} to take the message, but it answered ${responseCode}${at}.`,
      { isFinal: responseCode >= 500 },
    );
  const why = typeof originalCode === 'string' ? originalCode : 'the connection failed';
  return new NotDelivered('Network', `Expected an answer of ${host}, but: ${why}${at}.`);
};
