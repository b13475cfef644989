import type { RecordedEvent } from '../domain/event.ts';
import type { EventLog } from './event-log.ts';

const PAGE = 1_000;

/** The events of a stream from revision `first`, or the first that it has, on, by pages of at most `size`, up to a revision. Rejects as the log does. */
export async function* readStream(
  log: Pick<EventLog, 'read'>,
  stream: string,
  upTo = Number.POSITIVE_INFINITY,
  size = PAGE,
  first = 0,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let from = first; from <= upTo;) {
    const page = await log.read(stream, { from, limit: Math.min(size, upTo - from + 1) });
    // One that was truncated may begin behind what is wanted of it.
    yield page.filter(({ revision }) => revision <= upTo);
    const last = page.at(-1);
    if (last === undefined) return;
    from = last.revision + 1;
  }
}
