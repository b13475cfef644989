import type { RecordedEvent } from '../../domain/event.ts';
import type { EventLog, LogBatch } from '../../ports/event-log.ts';
import type { Followed } from './cursor.ts';
import { createSource, type Source } from './source.ts';
import { wantedBy, type FeedFilter } from './filter.ts';
import type { Tail, TailMember } from './tail.ts';

/** How to open a feed. */
export interface FeedOptions {
  /** Strictly after this position, which the log has reached. */
  readonly after: bigint;
  readonly filter: FeedFilter;
  /** The feed ends behind the first event that this holds for. */
  readonly until?: (event: RecordedEvent) => boolean;
  /** The most events kept for a consumer that is slower than the log. */
  readonly capacity?: number;
}

const CAPACITY = 1_000;

/**
 * Events of the log in order, none left out, none twice: first what is there, read by the feed itself, then what comes,
 * shared with all other feeds. A consumer that falls too far behind is told so, and reads for itself until it has
 * caught up.
 */
export const openFeed = (log: EventLog, tail: Tail, options: FeedOptions): Source<Followed> => {
  const { filter, capacity = CAPACITY } = options;
  const wants = wantedBy(filter);
  const stop = new AbortController();
  const queue: RecordedEvent[] = [];
  let pending: RecordedEvent[] = [];
  let mode: 'apart' | 'joined' | 'live' = 'apart';
  let overflowed = false;
  let seen = options.after;
  /** Set while the consumer is behind because it is slow: where the log ends, as far as is known. */
  let ahead: bigint | undefined;
  let measured = false;
  let since = 0n;
  let own: AsyncIterator<LogBatch> | undefined;
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;

  const part = (): void => {
    tail.leave(member);
    mode = 'apart';
    pending = [];
  };

  const member: TailMember = {
    filter,
    offer: (event) => {
      if (ahead !== undefined) ahead = event.position;
      if (overflowed || !wants(event) || event.position <= seen) return;
      const buffer = mode === 'live' ? queue : pending;
      if (buffer.length >= capacity) {
        overflowed = true;
        if (mode === 'live') {
          ahead = event.position;
          measured = false;
          part();
        }
      } else {
        buffer.push(event);
        if (mode === 'live') seen = event.position;
      }
      wake();
    },
    end: (error) => {
      if (error === undefined) ended = true;
      else failure = { error };
      wake();
    },
  };

  const join = async (): Promise<void> => {
    overflowed = false;
    since = await tail.join(member);
    if (stop.signal.aborted) return;
    if (ahead !== undefined && ahead < since) ahead = since;
    if (seen >= since) {
      goLive();
      return;
    }
    mode = 'joined';
    const { signal } = stop;
    own = log.subscribe({ after: seen, filter, signal })[Symbol.asyncIterator]();
  };

  const goLive = (): void => {
    if (overflowed) {
      part();
      return;
    }
    mode = 'live';
    ahead = undefined;
    for (const event of pending) {
      if (event.position <= seen) continue;
      queue.push(event);
      seen = event.position;
    }
    pending = [];
  };

  /** Reads one batch for this feed alone. Once it has seen all that was there when it joined, it goes live. */
  const catchUp = async (iterator: AsyncIterator<LogBatch>): Promise<void> => {
    const { done, value } = await iterator.next();
    if (done === true) {
      ended = true;
      return;
    }
    queue.push(...value.events.filter(wants));
    seen = value.position;
    if (!value.caughtUp && seen < since) return;
    own = undefined;
    await iterator.return?.();
    goLive();
  };

  const changed = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  const told = async (event: RecordedEvent): Promise<Followed> => {
    if (ahead === undefined) return event;
    if (!measured) {
      measured = true;
      // How far it is behind is good to know, but no reason to end it when the log does not answer.
      ahead = await log.end().catch(() => ahead ?? event.position);
    }
    const end = ahead < event.position ? event.position : ahead;
    return { ...event, lagging: { end, behind: Number(end - event.position) } };
  };

  const pull = async (): Promise<Followed | undefined> => {
    for (;;) {
      if (stop.signal.aborted) return undefined;
      const event = queue.shift();
      if (event !== undefined) {
        if (options.until?.(event) === true) {
          ended = true;
          queue.length = 0;
        }
        return told(event);
      }
      if (failure !== undefined) throw failure.error;
      if (ended) return undefined;
      if (mode === 'live') await changed();
      else if (own === undefined) await join();
      else await catchUp(own);
    }
  };

  const close = async (): Promise<void> => {
    stop.abort();
    part();
    queue.length = 0;
    wake();
    await own?.return?.();
  };

  return createSource(pull, close);
};
