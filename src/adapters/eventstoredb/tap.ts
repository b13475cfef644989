import type { RecordedEvent } from '../../domain/event.ts';

/** A run of events that one subscriber wants. */
export interface Run {
  readonly events: readonly RecordedEvent[];
  /** Everything up to here was looked at. */
  readonly position: bigint;
}

/** What one subscriber has not taken yet of what is published. */
export interface Tap {
  /** Everything after this position comes through the tap. */
  readonly since: bigint;
  /** Takes at most `limit` events behind `after`; `undefined` when there is nothing new. */
  take(after: bigint, limit: number): Run | undefined;
  /** Whether all was taken. */
  empty(): boolean;
  /** More came than it holds: it let go of everything, and the rest must be read from the log. */
  overflowed(): boolean;
  /** Resolves when there is something to look at, or `stop` aborts; rejects with what broke the log. */
  changed(stop: AbortSignal): Promise<void>;
  leave(): void;
}

/** The publisher's side of a tap. */
export interface TapInput {
  offer(events: readonly RecordedEvent[], position: bigint): void;
  /** Lets the subscriber know of what was offered. */
  wake(): void;
  fail(error: Error): void;
}

/** Makes a tap that holds at most so many events. */
export const createTap = (
  since: bigint,
  capacity: number,
  wants: (event: RecordedEvent) => boolean,
  leave: (tap: TapInput) => void,
): Tap & TapInput => {
  let held: RecordedEvent[] = [];
  let position = since;
  let overflowed = false;
  let broken: Error | undefined;
  let news = false;
  let wakeUp: (() => void) | undefined;

  const tap: Tap & TapInput = {
    since,
    offer: (events, at) => {
      const wanted = events.filter(wants);
      position = at;
      news = true;
      if (held.length + wanted.length > capacity && held.length > 0) {
        overflowed = true;
        held = [];
        leave(tap);
        wakeUp?.();
      } else held.push(...wanted);
    },
    wake: () => wakeUp?.(),
    fail: (error) => {
      broken = error;
      wakeUp?.();
    },
    take: (after, limit) => {
      if (position <= after) {
        held = [];
        news = false;
        return undefined;
      }
      const fresh = held.findIndex((event) => event.position > after);
      if (fresh !== 0) held.splice(0, fresh < 0 ? held.length : fresh);
      const events = held.splice(0, limit);
      news = held.length > 0;
      return { events, position: held.length > 0 ? (events.at(-1)?.position ?? after) : position };
    },
    empty: () => held.length === 0,
    overflowed: () => overflowed,
    changed: (stop) => {
      if (broken) return Promise.reject(broken);
      if (news || overflowed || stop.aborted) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const done = (): void => {
          wakeUp = undefined;
          stop.removeEventListener('abort', done);
          if (broken) reject(broken);
          else resolve();
        };
        wakeUp = done;
        stop.addEventListener('abort', done);
      });
    },
    leave: () => leave(tap),
  };
  return tap;
};
