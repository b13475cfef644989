import type { Asking } from './limiter.ts';
import type { RateEvent } from './rate-events.ts';

/** A bucket of tokens, by the time at which it is full again, ms since the Unix epoch. */
export interface Bucket {
  readonly fullAt: number;
}

/** A bucket of which nothing was taken. */
export const FULL: Bucket = Object.freeze({ fullAt: 0 });

/** So many calls in a time (ms): a bucket of as many tokens, of which each comes back after its share of the time. */
export interface RatePolicy {
  readonly limit: number;
  readonly per: number;
}

/** The bucket after an event; the last one alone is enough. */
export const evolveBucket = (_bucket: Bucket, { facts }: RateEvent): Bucket => ({ fullAt: facts.fullUntil });

/** How many tokens are taken at a time, those that calls of later have reserved counted too. */
export const takenAt = ({ fullAt }: Bucket, { limit, per }: RatePolicy, now: number): number =>
  Math.max(0, Math.ceil(((fullAt - now) * limit) / per));

/** Takes a token, or reserves the next one that nobody has. */
export const decideReservation = (
  bucket: Bucket,
  { key, workflow, executionId, step, attempt }: Asking,
  { limit, per }: RatePolicy,
  now: number,
): readonly [RateEvent] => {
  const fullUntil = Math.max(bucket.fullAt, now) + per / limit;
  const startsAt = Math.max(now, Math.ceil(fullUntil - per));
  return [
    { type: 'rate.reserved', facts: { key, workflow, executionId, step, attempt, startsAt, fullUntil } },
  ];
};
