import type { AttemptId } from './breaker-events.ts';
import { isSameAttempt } from './breaker.ts';
import type { LimiterEvent } from './limiter-events.ts';

/** An attempt that was let in or waits, and since when, ms since the Unix epoch. */
export interface Place extends AttemptId {
  readonly at: number;
}

/** What lets only so many in at once. */
export interface Limiter {
  readonly limit: number;
  /** Those that were let in come first, in the order in which all of them asked. */
  readonly places: readonly Place[];
  /** Revision of the event that this was folded from first. */
  readonly since: number;
}

/** A limiter before its first event. */
export const UNUSED: Limiter = Object.freeze({ limit: 0, places: Object.freeze([]), since: 0 });

/** The limiter after an event. */
export const evolveLimiter = (limiter: Limiter, { type, facts }: LimiterEvent): Limiter => {
  const { since } = facts;
  switch (type) {
    case 'limiter.requested': {
      const { executionId, step, attempt, at, limit } = facts;
      const place = { executionId, step, attempt, at };
      // A place is never taken back: with a lower limit nobody is let in until so many have left.
      return { limit, since, places: [...limiter.places, place] };
    }
    case 'limiter.released':
      return { ...limiter, since, places: limiter.places.filter((place) => !isSameAttempt(place, facts)) };
    case 'limiter.compacted': {
      const places = facts.places.map(({ executionId, step, attempt, at }) => ({
        executionId,
        step,
        attempt: Number(attempt),
        at: Number(at),
      }));
      return { limit: facts.limit, since, places };
    }
    default:
      return type satisfies never;
  }
};

/** How an attempt stands: let in, as one of so many, or waiting at a position from 1; `undefined` when it has not asked. */
export const standingOf = (
  { limit, places }: Limiter,
  attempt: AttemptId,
): { readonly isIn: boolean; readonly position: number; readonly at: number } | undefined => {
  const index = places.findIndex((place) => isSameAttempt(place, attempt));
  const place = places[index];
  if (place === undefined) return undefined;
  const isIn = index < limit;
  return { isIn, position: isIn ? index + 1 : index + 1 - limit, at: place.at };
};

/** How many wait. */
export const waitingIn = ({ limit, places }: Limiter): number => Math.max(0, places.length - limit);

/** How many are let in at once, and how many may wait; without `queue` any number. */
export interface LimiterPolicy {
  readonly limit: number;
  readonly queue?: number;
}

/** An attempt that asks. */
export interface Asking extends AttemptId {
  readonly key: string;
  readonly workflow: string;
}

/** Events after which all places are told anew. */
const MOST = 256;

/** Behind the event at `next`, which is the limiter's next one: from where on its events are read. */
const startOf = (limiter: Limiter, key: string, next: number): { since: number; events: LimiterEvent[] } => {
  const { places, since, limit } = limiter;
  if (places.length === 0) return { since: next, events: [] };
  if (next - since < MOST) return { since, events: [] };
  const told = places.map(({ executionId, step, attempt, at }) => ({
    executionId,
    step,
    attempt: String(attempt),
    at: String(at),
  }));
  return {
    since: next,
    events: [{ type: 'limiter.compacted', facts: { key, since: next, limit, places: told } }],
  };
};

/** Asks for a place; nothing when there is none even to wait at, or when it has asked before. */
export const decideRequest = (
  limiter: Limiter,
  { key, workflow, executionId, step, attempt }: Asking,
  { limit, queue = Infinity }: LimiterPolicy,
  now: number,
  next: number,
): readonly LimiterEvent[] => {
  const id = { executionId, step, attempt };
  if (standingOf(limiter, id) !== undefined) return [];
  if (limiter.places.length >= limit + queue) return [];
  const { since, events } = startOf(limiter, key, next);
  return [...events, { type: 'limiter.requested', facts: { key, since, ...id, workflow, limit, at: now } }];
};

/** Gives a place back, or up; nothing when there is none. */
export const decideRelease = (
  limiter: Limiter,
  key: string,
  { executionId, step, attempt }: AttemptId,
  next: number,
): readonly LimiterEvent[] => {
  const id = { executionId, step, attempt };
  if (standingOf(limiter, id) === undefined) return [];
  const { since, events } = startOf(limiter, key, next);
  return [...events, { type: 'limiter.released', facts: { key, since, ...id } }];
};
