import { describe, expect, it } from 'vitest';
import {
  decideRelease,
  decideRequest,
  evolveLimiter,
  standingOf,
  UNUSED,
  waitingIn,
  type Limiter,
} from '../../../src/domain/flow/limiter.ts';

const who = (n: number) => ({ executionId: `e-${n}`, step: 'pay', attempt: 1 });
const asks = (n: number) => ({ ...who(n), key: 'pay', workflow: 'order' });

/** A limiter and the revision that its next event has. */
interface At {
  readonly limiter: Limiter;
  readonly next: number;
}

const START: At = { limiter: UNUSED, next: 0 };
const after = ({ limiter, next }: At, events: ReturnType<typeof decideRelease>): At => ({
  limiter: Object.freeze(events.reduce(evolveLimiter, limiter)),
  next: next + events.length,
});
const request = (at: At, n: number, policy: Parameters<typeof decideRequest>[2]): At =>
  after(at, decideRequest(at.limiter, asks(n), policy, 1_000 + n, at.next));
const release = (at: At, n: number): At => after(at, decideRelease(at.limiter, 'pay', who(n), at.next));
const standings = ({ limiter }: At, ...ns: readonly number[]) =>
  ns.map((n) => {
    const standing = standingOf(limiter, who(n));
    return standing && `${standing.isIn ? 'in' : 'waits'} ${standing.position}`;
  });

const TWO = { limit: 2, queue: 2 };
const four = [1, 2, 3, 4].reduce((at, n) => request(at, n, TWO), START);

describe('a limiter', () => {
  it('lets so many in, and the others wait in the order in which they asked', () => {
    expect(standings(four, 1, 2, 3, 4, 5)).toEqual(['in 1', 'in 2', 'waits 1', 'waits 2', undefined]);
    expect(waitingIn(four.limiter)).toBe(2);
    expect(standingOf(four.limiter, who(3))?.at).toBe(1_003);
  });

  it('turns away who finds it full, and nobody who has a place already', () => {
    expect(decideRequest(four.limiter, asks(5), TWO, 0, four.next)).toEqual([]);
    expect(decideRequest(four.limiter, asks(3), TWO, 0, four.next)).toEqual([]);
    expect(decideRequest(four.limiter, asks(5), { limit: 2 }, 0, four.next)).toHaveLength(1);
  });

  it('lets the first that waits in when a place is given back, and nobody when one that waits gives up', () => {
    expect(standings(release(four, 1), 1, 2, 3, 4)).toEqual([undefined, 'in 1', 'in 2', 'waits 1']);
    expect(standings(release(four, 3), 2, 3, 4)).toEqual(['in 2', undefined, 'waits 1']);
  });

  it('takes no place back twice', () => {
    const once = release(four, 1);
    expect(decideRelease(once.limiter, 'pay', who(1), once.next)).toEqual([]);
  });

  it('goes by the limit that was said last: more come in at once, fewer only as places are given back', () => {
    expect(standings(request(four, 5, { limit: 4, queue: 2 }), 3, 4, 5)).toEqual(['in 3', 'in 4', 'waits 1']);
    const fewer = request(four, 5, { limit: 1, queue: 9 });
    expect(standings(release(fewer, 1), 2, 3)).toEqual(['in 1', 'waits 1']);
  });

  it('is known from a late part of its events, however many there were', () => {
    let at = four;
    for (let n = 5; n < 600; n += 1) at = request(release(at, n - 4), n, TWO);
    const events: ReturnType<typeof decideRelease>[number][] = [];
    let whole = START;
    for (let n = 1; n < 600; n += 1) {
      const before = whole;
      const freed = n > 4 ? decideRelease(before.limiter, 'pay', who(n - 4), before.next) : [];
      const between = after(before, freed);
      const asked = decideRequest(between.limiter, asks(n), TWO, 1_000 + n, between.next);
      whole = after(between, asked);
      events.push(...freed, ...asked);
    }
    expect(whole).toEqual(at);
    const { since = 0 } = events.at(-1)?.facts ?? {};
    expect(events.length - since).toBeLessThan(300);
    expect(events.slice(since).reduce(evolveLimiter, UNUSED)).toEqual(whole.limiter);
  });

  it('begins anew when nobody is left', () => {
    const empty = [1, 2, 3, 4].reduce(release, four);
    const [event] = decideRequest(empty.limiter, asks(9), TWO, 0, empty.next);
    expect(event?.facts.since).toBe(empty.next);
  });
});
