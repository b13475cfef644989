import { describe, expect, it } from 'vitest';
import {
  decideRelease,
  decideRequest,
  evolveLimiter,
  placesIn,
  standingOf,
  UNUSED,
  type Limiter,
  type LimiterPolicy,
} from '../../../src/domain/flow/limiter.ts';
import type { LimiterEvent } from '../../../src/domain/flow/limiter-events.ts';

interface Asker {
  readonly name: string;
  readonly lane?: string;
  readonly priority?: number;
}

const id = (name: string) => ({ executionId: name, step: '', attempt: 1 });

/** A limiter with all its events. */
const openLimiter = (policy: LimiterPolicy) => {
  let limiter: Limiter = UNUSED;
  const events: LimiterEvent[] = [];
  const take = (more: readonly LimiterEvent[]): void => {
    events.push(...more);
    limiter = Object.freeze(more.reduce(evolveLimiter, limiter));
  };
  return {
    events,
    get state() {
      return limiter;
    },
    ask: ({ name, ...more }: Asker) =>
      take(
        decideRequest(limiter, { ...id(name), ...more, key: 'k', workflow: 'w' }, policy, 0, events.length),
      ),
    end: (name: string) => take(decideRelease(limiter, 'k', id(name), events.length)),
    inside: () => limiter.inside.map(({ executionId }) => executionId),
    position: (name: string) => standingOf(limiter, id(name))?.position,
  };
};

describe('those that wait', () => {
  it('are let in by their priority, and those of the same in the order in which they came', () => {
    const limiter = openLimiter({ limit: 1 });
    limiter.ask({ name: 'first' });
    for (const [name, priority] of [
      ['low', -1],
      ['none', 0],
      ['high', 5],
      ['high_too', 5],
    ] as const)
      limiter.ask({ name, priority });
    expect(['high', 'high_too', 'none', 'low'].map(limiter.position)).toEqual([1, 2, 3, 4]);
    // Whoever is in stays, however urgent the others are.
    expect(limiter.inside()).toEqual(['first']);
    const order: string[] = [];
    for (let [name] = limiter.inside(); name !== undefined; [name] = limiter.inside()) {
      order.push(name);
      limiter.end(name);
    }
    expect(order).toEqual(['first', 'high', 'high_too', 'none', 'low']);
  });

  it('are let in by turns where there are lanes, of which none waits for a longer one', () => {
    const limiter = openLimiter({ limit: 1, perLane: 1 });
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'])
      limiter.ask({ name, lane: name.slice(0, 1) });
    expect(['a2', 'b1', 'c1', 'a3', 'b2', 'a4'].map(limiter.position)).toEqual([1, 2, 3, 4, 5, 6]);
    const order: string[] = [];
    for (let [name] = limiter.inside(); name !== undefined; [name] = limiter.inside()) {
      order.push(name);
      // Lanes that come later do not push in.
      if (order.length === 2) limiter.ask({ name: 'd1', lane: 'd' });
      limiter.end(name);
    }
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'd1', 'b2', 'a4']);
  });

  it('are no more of a lane at once than may be, though there is room for others', () => {
    const limiter = openLimiter({ limit: 3, perLane: 2 });
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) limiter.ask({ name, lane: name.slice(0, 1) });
    expect(limiter.inside()).toEqual(['a1', 'a2', 'b1']);
    limiter.end('b1');
    expect(limiter.inside()).toEqual(['a1', 'a2', 'b2']);
    limiter.end('a1');
    expect(limiter.inside()).toEqual(['a2', 'b2', 'a3']);
  });

  it('are the same to whoever reads a late part of the events only', () => {
    const limiter = openLimiter({ limit: 3, perLane: 2 });
    for (let n = 0; n < 700; n += 1) {
      limiter.ask({ name: `e${n}`, lane: `l${n % 4}`, priority: n % 3 });
      const [oldest] = limiter.inside();
      if (n > 20 && oldest !== undefined) limiter.end(oldest);
    }
    const { since = 0 } = limiter.events.at(-1)?.facts ?? {};
    expect(limiter.events.length - since).toBeLessThan(300);
    expect(limiter.events.slice(since).reduce(evolveLimiter, UNUSED)).toEqual(limiter.state);
    // A place is told with all that its turn depends on, and a limit that was lowered takes none back.
    expect(placesIn(limiter.state).some(({ priority }) => priority > 0)).toBe(true);
  });
});
