import { eventJson } from '../../domain/event-json.ts';
import type { Recorder } from '../../ports/recorder.ts';

/** Where events are posted. */
export interface WebhookTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that one request may take. */
  readonly timeout: number;
}

/**
 * Posts batches as `{ recorder, events }`; any answer but 2xx is a failure. `Idempotency-Key` names a batch by its first and
 * last position, so that whoever gets it twice can tell.
 */
export const webhookRecorder = (
  { name, from }: Pick<Recorder, 'name' | 'from'>,
  { url, headers, timeout }: WebhookTarget,
): Recorder => ({
  name,
  from,
  record: async (events, over) => {
    const [first, last] = [events[0], events.at(-1)];
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'idempotency-key': `${name}:${first?.position}-${last?.position}`,
      },
      body: JSON.stringify({ recorder: name, events: events.map(eventJson) }),
      redirect: 'error',
      signal: AbortSignal.any([over, AbortSignal.timeout(timeout)]),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`Expected an answer of 2xx, but found ${response.status}.`);
  },
  close: () => Promise.resolve(),
});
