import type { RecordedEvent } from '../../src/domain/event.ts';
import type { LogBatch, SubscribeOptions } from '../../src/ports/event-log.ts';
import { wantedBy } from '../../src/ports/wanted-by.ts';

/** A list of events that grows. */
export interface Followed {
  readonly events: readonly RecordedEvent[];
  /** Called when it has grown or was closed. */
  readonly waiting: Set<() => void>;
  closed: boolean;
  /** Whether it brings an event no more. */
  isGone(event: RecordedEvent): boolean;
}

const DONE: IteratorResult<LogBatch> = { done: true, value: undefined };

/** Index of the first event behind a position. */
const indexAfter = (events: readonly RecordedEvent[], position: bigint): number => {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.position ?? position) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Follows a list of events as the port says: strictly after a position, in order, no gap. */
export const followEvents = (
  followed: Followed,
  { after, filter = {}, signal, batch = 512 }: SubscribeOptions,
): AsyncIterable<LogBatch> => ({
  [Symbol.asyncIterator]: () => {
    const { events } = followed;
    const wants = wantedBy(filter);
    let index = indexAfter(events, after);
    let position = after;
    let toldEnd = false;
    let ended = false;
    const isOver = (): boolean => ended || signal.aborted || followed.closed;
    const hasMore = (): boolean => !toldEnd || index < events.length;

    const take = (): LogBatch => {
      const found: RecordedEvent[] = [];
      for (; index < events.length && found.length < batch; index += 1) {
        const event = events[index] as RecordedEvent;
        position = event.position;
        if (wants(event) && !followed.isGone(event)) found.push(event);
      }
      toldEnd = index === events.length;
      return { events: found, position, caughtUp: toldEnd };
    };

    const grown = (): Promise<void> =>
      new Promise((resolve) => {
        const wake = (): void => {
          followed.waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          leave = undefined;
          resolve();
        };
        leave = wake;
        followed.waiting.add(wake);
        signal.addEventListener('abort', wake);
      });

    let leave: (() => void) | undefined;
    return {
      next: async () => {
        while (!isOver() && !hasMore()) await grown();
        return isOver() ? DONE : { done: false, value: take() };
      },
      return: async () => {
        ended = true;
        leave?.();
        return DONE;
      },
    };
  },
});
