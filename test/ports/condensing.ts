import { NO_STREAM, seal, type StreamHead, headAfter } from '../../src/domain/chain.ts';
import type { DomainEvent, RecordedEvent } from '../../src/domain/event.ts';
import { condense } from '../../src/domain/truncation/condensed.ts';
import { condensedStream, TRUNCATIONS } from '../../src/domain/truncation/streams.ts';
import { START, type EventFilter, type EventLog, type LogBatch } from '../../src/ports/event-log.ts';
import { subscribeWhole } from '../../src/ports/whole-log.ts';
import { metadata } from '../conformance/event-log-samples.ts';

/** The streams of events. */
export const streamsOf = (events: readonly RecordedEvent[]): readonly string[] => [
  ...new Set(events.map(({ stream }) => stream)),
];

/** All of a log behind a position, by batches. */
export const wholeOf = async (
  log: EventLog,
  after = START,
  batch = 512,
  filter: EventFilter = {},
): Promise<readonly LogBatch[]> => {
  const batches: LogBatch[] = [];
  const { signal } = new AbortController();
  for await (const found of subscribeWhole(log, { after, batch, filter, signal })) {
    batches.push(found);
    if (found.caughtUp) return batches;
  }
  return batches;
};

/** The events of batches. */
export const eventsOf = (batches: readonly LogBatch[]): readonly RecordedEvent[] =>
  batches.flatMap(({ events }) => events);

/** What is to be the same of events that were given up. */
export const places = (events: readonly RecordedEvent[]) =>
  events.map(({ position, stream, revision, id, type, facts }) => ({
    position,
    stream,
    revision,
    id,
    type,
    facts,
  }));

/** Condenses streams in pages of so many events, and chooses that; all but the last event of each is meant. */
export const condensing = (log: EventLog) => {
  let chosen: StreamHead = NO_STREAM;
  let batch = 0;
  const put = async (stream: string, head: StreamHead, event: DomainEvent<string, object, unknown>) => {
    const commit = seal(stream, head, [event], metadata());
    await log.append(commit);
    return headAfter(commit);
  };
  return async (
    events: readonly RecordedEvent[],
    streams: readonly string[],
    page: number,
  ): Promise<void> => {
    batch += 1;
    const last = new Map(events.map(({ stream, commit }) => [stream, commit.revision]));
    const meant = events.filter(
      ({ stream, commit }) => streams.includes(stream) && commit.revision < (last.get(stream) ?? 0),
    );
    if (meant.length === 0) return;
    let head = NO_STREAM;
    for (let first = 0; first < meant.length; first += page) {
      const some = meant.slice(first, first + page);
      const facts = { batch, from: String(some[0]?.position), to: String(some.at(-1)?.position) };
      const payload = { deflated: condense(some) };
      head = await put(condensedStream(batch), head, { type: 'truncation.condensed', facts, payload });
    }
    const facts = { batch, from: String(meant[0]?.position), to: String(meant.at(-1)?.position) };
    chosen = await put(TRUNCATIONS, chosen, { type: 'truncation.chosen', facts });
  };
};

/** Has streams begin with their last commits. */
export const truncate = async (
  log: EventLog,
  events: readonly RecordedEvent[],
  streams: readonly string[],
): Promise<void> => {
  for (const stream of streams)
    await log.truncate(stream, events.findLast((event) => event.stream === stream)?.commit.revision ?? 0);
};
