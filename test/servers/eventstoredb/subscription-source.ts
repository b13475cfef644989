import type { StoredEvent } from './event.ts';
import type { Log } from './log.ts';
import type { ReadRequest } from './read-request.ts';
import { firstReadable } from './stream-metadata.ts';

/** What a subscription has to say next. */
export type Found =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'checkpoint'; readonly position: number }
  | { readonly kind: 'end' };

/** Walks the log from where the subscription starts. */
export interface Source {
  /** Goes one step on; at the end it stays there until there is more. */
  next(live: boolean): Found;
  /** Whether there is something to have caught up with. */
  exists(): boolean;
}

const END: Found = { kind: 'end' };

const streamSource = (log: Log, stream: string, from: ReadRequest['from']): Source => {
  let next = from === 'start' ? 0 : from === 'end' ? log.last(stream) + 1 : Number(from) + 1;
  return {
    next() {
      const first = firstReadable(log, stream);
      if (first === undefined) return END;
      next = Math.max(next, first);
      const event = log.stream(stream)[next];
      if (!event) return END;
      next++;
      return { kind: 'event', event };
    },
    exists: () => from === 'end' || firstReadable(log, stream) !== undefined,
  };
};

const after = (log: Log, position: bigint): number => {
  const index = log.seek(position);
  const event = log.all[index];
  return event && BigInt(event.position) === position ? index + 1 : index;
};

const allSource = (log: Log, { from, filter }: ReadRequest): Source => {
  let next = from === 'start' ? 0 : from === 'end' ? log.all.length : after(log, from);
  let considered = 0;
  let due: number | undefined;
  return {
    next(live) {
      for (;;) {
        if (due !== undefined) {
          const position = due;
          due = undefined;
          return { kind: 'checkpoint', position };
        }
        const event = log.all[next];
        if (!event) return END;
        next++;
        if (!filter) return { kind: 'event', event };
        considered++;
        // While it catches up the server sends no checkpoint for the page that reaches the end.
        if (considered >= filter.checkpointInterval && (live || next < log.all.length)) {
          considered = 0;
          due = event.position;
        }
        if (filter.matches(event)) return { kind: 'event', event };
      }
    },
    exists: () => true,
  };
};

/** The source of a subscription, strictly after where it starts. */
export const createSource = (log: Log, request: ReadRequest): Source =>
  request.stream === undefined ? allSource(log, request) : streamSource(log, request.stream, request.from);
