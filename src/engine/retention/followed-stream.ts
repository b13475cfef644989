import type { RecordedEvent } from '../../domain/event.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { readStream } from '../../ports/read-stream.ts';

/** How a stream is folded from its first event on. */
export interface Following<State> {
  readonly initial: State;
  readonly fold: (state: State, event: RecordedEvent) => State;
  /** The most events that are read at a time. */
  readonly size: number;
}

interface Folded<State> {
  readonly state: State;
  /** Of the first event that is not folded yet. */
  readonly next: number;
}

/** Answers what a stream says now. Rejects as the log does. */
export type Followed<State> = () => Promise<State>;

/**
 * Follows a stream, whoever appends to it: it is read once, whenever it is first asked for, and then only what has come
 * since. What was read before the log went away is not read again.
 */
export const followStream = <State>(
  log: Pick<EventLog, 'read'>,
  stream: string,
  { initial, fold, size }: Following<State>,
): Followed<State> => {
  let known: Folded<State> = { state: initial, next: 0 };
  return async () => {
    // Of its own, since another call may be reading the same: neither folds an event into what the other has.
    let { state, next } = known;
    for await (const page of readStream(log, stream, undefined, size, next)) {
      for (const event of page) {
        state = fold(state, event);
        next = event.revision + 1;
      }
      if (next > known.next) known = { state, next };
    }
    return state;
  };
};
