import type { Report } from '../../domain/notification/decide.ts';
import type { StoredNotification } from './notification-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { NotDelivered, type Message, type Notifier } from '../../ports/notifier.ts';
import { errorPayload } from '../error-payload.ts';

/** Bytes that are kept of an error at most. */
const LARGEST_ERROR = 8_192;

/** What messages are sent with. */
export interface SendingOptions {
  readonly notifier: Pick<Notifier, 'send'>;
  readonly clock: Clock;
  /** Milliseconds that one attempt may take. */
  readonly timeout: number;
  readonly maxPayload: number;
}

/** The message of a notification's next attempt; `undefined` when it was never asked for. */
export const messageOf = ({ id, state }: StoredNotification): Message | undefined =>
  state.of && {
    id,
    ...state.of,
    ...state.message,
    attempt: state.attempts + 1,
    requestedAt: state.requestedAt,
  };

/** Sends a message and waits for its end or its time-out, whichever is first; `undefined` when it was aborted before. Never rejects. */
export const sendMessage = (
  message: Message,
  abort: AbortController,
  { notifier, clock, timeout, maxPayload }: SendingOptions,
): Promise<Report | undefined> => {
  const began = clock.now();
  const ended = () => ({
    type: 'report' as const,
    attempt: message.attempt,
    duration: Math.max(0, clock.now() - began),
  });
  return new Promise((resolve) => {
    const timer = clock.after(timeout, () => {
      const text = `Expected ${message.channel} to take it within ${timeout} ms, but it did not.`;
      resolve({ ...ended(), ok: false, error: { type: 'Timeout', message: text }, isFinal: false });
      abort.abort(new DOMException(`It took longer than ${timeout} ms.`, 'TimeoutError'));
    });
    // The channel may never end.
    abort.signal.addEventListener('abort', () => {
      timer.cancel();
      resolve(undefined);
    });
    const settle = (report: Report): void => {
      timer.cancel();
      resolve(report);
    };
    notifier.send(message, abort.signal).then(
      () => settle({ ...ended(), ok: true }),
      (thrown: unknown) => {
        const { error } = errorPayload(thrown, Math.min(maxPayload, LARGEST_ERROR));
        const { isFinal, pause } = thrown instanceof NotDelivered ? thrown : { isFinal: false };
        settle({ ...ended(), ok: false, error, isFinal, ...(pause === undefined ? {} : { pause }) });
      },
    );
  });
};
