import { headAfter, NO_STREAM, type StreamHead } from '../../src/domain/chain.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { Followed } from '../../src/graphql/feed/cursor.ts';
import { START, type EventLog } from '../../src/ports/event-log.ts';
import { commitOf, eventsOf, upToNow, type AnyEvent } from '../conformance/event-log-samples.ts';

/** Writes to streams one behind the other, and to different ones at once. */
export interface Writer {
  /** Resolves with the position of the last event once all are durable. */
  append(stream: string, events: readonly AnyEvent[] | number): Promise<bigint>;
}

/** A writer to a log that nobody else writes to. */
export const writerTo = (log: EventLog): Writer => {
  const heads = new Map<string, StreamHead>();
  const turns = new Map<string, Promise<unknown>>();
  return {
    append: (stream, events) => {
      const write = async (): Promise<bigint> => {
        const commit = commitOf(stream, heads.get(stream) ?? NO_STREAM, events);
        const { position } = await log.append(commit);
        heads.set(stream, headAfter(commit));
        return position;
      };
      const turn = (turns.get(stream) ?? Promise.resolve()).then(write);
      turns.set(stream, turn);
      return turn;
    },
  };
};

/** Everything that stands in a log, read apart from any feed. */
export const allOf = async (log: EventLog): Promise<readonly RecordedEvent[]> =>
  eventsOf(await upToNow(log, START));

/** The next values of a source, so many. */
export const take = async <T>(source: AsyncIterator<T, undefined>, many: number): Promise<readonly T[]> => {
  const taken: T[] = [];
  while (taken.length < many) {
    const { done, value } = await source.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
};

/** Events as they stand in the log, however far behind a client was told to be. */
export const asAppended = (events: readonly Followed[]): readonly RecordedEvent[] =>
  events.map((event) => ({ ...event, lagging: undefined }));

/** The positions of events. */
export const positionsOf = (events: readonly RecordedEvent[]): readonly bigint[] =>
  events.map(({ position }) => position);
