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

// An event counts for as many as its payload has KiB, and for itself.
const weightOf = (events: readonly RecordedEvent[]): number =>
  events.reduce((sum, { payload = '' }) => sum + 1 + (payload.length >> 10), 0);

/** Makes a tap that holds at most so many events, fewer if they are large. */
export const createTap = (
  since: bigint,
  capacity: number,
  wants: (event: RecordedEvent) => boolean,
  leave: (tap: TapInput) => void,
): Tap & TapInput => {
  let held: RecordedEvent[] = [];
  let weight = 0;
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
      weight += weightOf(wanted);
      if (held.length === 0 || weight <= capacity) {
        held.push(...wanted);
        return;
      }
      overflowed = true;
      held = [];
      leave(tap);
      wakeUp?.();
    },
    wake: () => wakeUp?.(),
    fail: (error) => {
      broken = error;
      wakeUp?.();
    },
    take: (after, limit) => {
      if (position <= after) {
        held = [];
        weight = 0;
        news = false;
        return undefined;
      }
      const fresh = held.findIndex((event) => event.position > after);
      if (fresh !== 0) weight -= weightOf(held.splice(0, fresh < 0 ? held.length : fresh));
      const events = held.splice(0, limit);
      weight = held.length === 0 ? 0 : weight - weightOf(events);
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
