import { NotDelivered, type Message, type Notifier } from '../../src/ports/notifier.ts';
import type { Directory } from '../../src/domain/notification/target.ts';

/** How a message is taken: at once, not at all, or never. */
export type Taking = 'taken' | 'refused' | 'refused for good' | 'hangs';

/** A notifier that a spec tells what to do. */
export interface HandNotifier extends Notifier {
  readonly sent: readonly Message[];
  /** What becomes of the messages that come next; the last holds for all that follow. */
  will(...takings: readonly Taking[]): void;
  /** Resolves once so many messages were handed over. */
  count(many: number): Promise<void>;
  /** Messages that nobody wants to know of any more. */
  readonly aborted: readonly Message[];
}

/** A notifier that takes everything unless it is told otherwise. */
export const handNotifier = (directory?: Directory): HandNotifier => {
  const sent: Message[] = [];
  const aborted: Message[] = [];
  const waiting = new Set<{ readonly many: number; readonly resolve: () => void }>();
  let takings: readonly Taking[] = ['taken'];

  const take = (message: Message, signal: AbortSignal): Promise<void> => {
    const [taking = 'taken', ...later] = takings;
    if (later.length > 0) takings = later;
    if (taking === 'taken') return Promise.resolve();
    if (taking === 'hangs') {
      signal.addEventListener('abort', () => aborted.push(message));
      return new Promise(() => undefined);
    }
    const isFinal = taking === 'refused for good';
    return Promise.reject(new NotDelivered('Refused', `It is ${taking}.`, { isFinal }));
  };

  return {
    directory,
    sent,
    aborted,
    will: (...next) => (takings = next),
    count: (many) =>
      new Promise((resolve) => {
        if (sent.length >= many) resolve();
        else waiting.add({ many, resolve });
      }),
    send: (message, signal) => {
      sent.push(message);
      for (const waiter of waiting) if (sent.length >= waiter.many) waiter.resolve();
      return take(message, signal);
    },
  };
};
