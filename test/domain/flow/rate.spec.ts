import { describe, expect, it } from 'vitest';
import {
  decideReservation,
  evolveBucket,
  FULL,
  takenAt,
  type Bucket,
} from '../../../src/domain/flow/rate.ts';

const POLICY = { limit: 4, per: 1_000 };
const asks = (attempt: number) => ({
  key: 'pay',
  workflow: 'order',
  executionId: 'e-1',
  step: 'pay',
  attempt,
});

/** When attempts that ask at these times may be made. */
const startsOf = (...times: readonly number[]): readonly number[] => {
  let bucket: Bucket = FULL;
  return times.map((now, n) => {
    const [event] = decideReservation(bucket, asks(n), POLICY, now);
    bucket = Object.freeze(evolveBucket(bucket, event));
    return event.facts.startsAt;
  });
};

describe('a limit of calls in a time', () => {
  it('lets as many through at once as there are tokens, and then one whenever a token comes back', () => {
    expect(startsOf(0, 0, 0, 0, 0, 0)).toEqual([0, 0, 0, 0, 250, 500]);
    expect(startsOf(5_000, 5_001, 5_002, 5_003, 5_004)).toEqual([5_000, 5_001, 5_002, 5_003, 5_250]);
  });

  it('has all its tokens again after the time, and no more', () => {
    expect(startsOf(0, 0, 0, 0, 1_000, 1_000, 1_000, 1_000, 1_000).slice(4)).toEqual([
      1_000, 1_000, 1_000, 1_000, 1_250,
    ]);
    expect(startsOf(0, 90_000, 90_000, 90_000, 90_000, 90_000).at(-1)).toBe(90_250);
  });

  it('lets nobody through sooner because a clock is behind', () => {
    expect(startsOf(9_000, 9_000, 9_000, 9_000, 2_000).at(-1)).toBe(9_250);
  });

  it('says how many tokens are taken', () => {
    const [event] = decideReservation(FULL, asks(1), POLICY, 1_000);
    const bucket = evolveBucket(FULL, event);
    expect([1_000, 1_249, 1_250].map((now) => takenAt(bucket, POLICY, now))).toEqual([1, 1, 0]);
  });
});
