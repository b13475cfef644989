import type { RecordedEvent } from '../domain/event.ts';
import type { EventLog } from './event-log.ts';

const PAGE = 1_000;

/** The events of a stream from the first that it has on, by page, up to a revision. Rejects as the log does. */
export async function* readStream(
  log: Pick<EventLog, 'read'>,
  stream: string,
  upTo = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let from = 0; from <= upTo;) {
    const page = await log.read(stream, { from, limit: Math.min(PAGE, upTo - from + 1) });
    yield page;
    const last = page.at(-1);
    if (last === undefined) return;
    from = last.revision + 1;
  }
}
