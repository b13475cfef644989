import { describe, expect, it } from 'vitest';
import { createRate } from '../../src/projections/rate.ts';
import { handClock } from '../spec/clock.ts';

describe('a rate', () => {
  it('is nothing before there was anything', () => {
    expect(createRate(handClock()).perSecond()).toBe(0);
  });

  it('is of the first second whole, however little of it has passed', () => {
    const clock = handClock();
    const rate = createRate(clock);
    rate.add(500);
    expect(rate.perSecond()).toBe(500);
    clock.advance(500);
    rate.add(500);
    expect(rate.perSecond()).toBe(1_000);
  });

  it('is the mean since the first, until ten seconds have passed', () => {
    const clock = handClock();
    const rate = createRate(clock);
    for (let second = 0; second < 4; second += 1) {
      rate.add(100);
      clock.advance(1_000);
    }
    expect(rate.perSecond()).toBe(100);
    clock.advance(4_000);
    expect(rate.perSecond()).toBe(50);
  });

  it('forgets what is older than ten seconds', () => {
    const clock = handClock();
    const rate = createRate(clock);
    rate.add(1_000_000);
    clock.advance(10_000);
    for (let second = 0; second < 9; second += 1) {
      rate.add(90);
      clock.advance(1_000);
    }
    expect(rate.perSecond()).toBe(90);
    clock.advance(60_000);
    expect(rate.perSecond()).toBe(0);
  });

  it('counts anew after a long silence', () => {
    const clock = handClock();
    const rate = createRate(clock);
    rate.add(100);
    clock.advance(3_600_000);
    rate.add(900);
    expect(rate.perSecond()).toBe(100);
  });
});
