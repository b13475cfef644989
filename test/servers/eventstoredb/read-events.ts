import type { StoredEvent } from './event.ts';
import type { Log } from './log.ts';
import type { ReadRequest } from './read-request.ts';

const clamp = (revision: bigint, length: number): number =>
  revision < BigInt(length) ? Number(revision) : length;

/** A stream's events from a revision on, that one included, in either direction. */
function* streamEvents(
  events: readonly StoredEvent[],
  first: number,
  { from, backwards }: ReadRequest,
): Iterable<StoredEvent> {
  if (backwards) {
    const start = from === 'end' ? events.length : from === 'start' ? 0 : clamp(from, events.length);
    yield* events.slice(first, start + 1).toReversed();
    return;
  }
  const start = from === 'end' ? events.length : from === 'start' ? 0 : clamp(from, events.length);
  yield* events.slice(Math.max(first, start));
}

/** All events from a position on: that one included forwards, left out backwards. */
function* allEvents(log: Log, { from, backwards, filter }: ReadRequest): Iterable<StoredEvent> {
  const start = from === 'end' ? log.all.length : from === 'start' ? 0 : log.seek(from);
  const events = backwards ? log.all.slice(0, start).toReversed() : log.all.slice(start);
  for (const event of events) if (!filter || filter.matches(event)) yield event;
}

/** What a read answers; `first` is the first revision that the stream shows. */
export function* requestedEvents(log: Log, request: ReadRequest, first: number): Iterable<StoredEvent> {
  const { stream, limit = Infinity } = request;
  let left = limit;
  const events =
    stream === undefined ? allEvents(log, request) : streamEvents(log.stream(stream), first, request);
  for (const event of events) {
    if (left-- <= 0) return;
    yield event;
  }
}
