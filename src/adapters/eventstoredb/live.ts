import type { RecordedEvent } from '../../domain/event.ts';
import { START } from '../../ports/event-log.ts';
import { asError } from './client-errors.ts';
import { callForever, type Repeating } from './call-patiently.ts';
import type { Connection } from './connection.ts';
import { listen } from './listen.ts';
import type { Patience } from './read-events.ts';
import { createTap, type Tap, type TapInput } from './tap.ts';
import { backOff, pause } from './waiting.ts';

/** What is appended, for any number of subscribers over one subscription of the server's. */
export interface Live {
  /** Everything after the tap's `since` will come through it. `position` is where the subscriber stands. */
  join(position: bigint, wants: (event: RecordedEvent) => boolean): Tap;
}

/** How to follow the log. */
export interface LiveOptions extends Patience, Repeating {
  readonly silence: number;
  /** The most events held for one subscriber. */
  readonly capacity: number;
}

/** Follows the log while anybody listens: the server gives a process at most a hundred subscriptions. */
export const createLive = (connection: Connection, options: LiveOptions): Live => {
  const taps = new Set<TapInput>();
  let position = START;
  let following: AbortController | undefined;
  let waking = false;

  // Once a turn of the event loop, not once a commit.
  const wakeAll = (): void => {
    waking = false;
    for (const tap of taps) tap.wake();
  };

  const publish = (events: readonly RecordedEvent[], at: bigint): void => {
    if (at <= position) return;
    position = at;
    for (const tap of taps) {
      tap.offer(events, at);
    }
    if (waking) return;
    waking = true;
    setImmediate(wakeAll);
  };

  const follow = async (stop: AbortSignal): Promise<void> => {
    for (let failures = 1; !stop.aborted; failures++) {
      const from = position;
      await callForever(connection, options, stop, ({ client, lost }) =>
        listen(client, {
          ...options,
          stop: AbortSignal.any([stop, lost]),
          publish,
          position: () => position,
        }),
      );
      if (position > from) failures = 1;
      await pause(options.clock, backOff(options.retry, failures, options.random), stop);
    }
  };

  const fail = (error: unknown): void => {
    following = undefined;
    for (const tap of taps) tap.fail(asError(error));
  };

  return {
    join: (from, wants) => {
      if (!following) {
        following = new AbortController();
        position = from;
        follow(following.signal).catch(fail);
      }
      const tap = createTap(position, options.capacity, wants, (left) => {
        taps.delete(left);
        if (taps.size > 0) return;
        following?.abort();
        following = undefined;
      });
      taps.add(tap);
      return tap;
    },
  };
};
