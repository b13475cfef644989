import { describe, expect, it } from 'vitest';
import { createGate } from './gate.ts';
import { processClock, type Skew } from './process-clock.ts';
import { createRandom } from './random.ts';
import { virtualClock } from './virtual-clock.ts';

const START = 1_000_000;

const open = (skew?: Skew) => {
  const truth = virtualClock(START);
  const gate = createGate(truth.owned('gate'), createRandom('gate'));
  const clock = processClock(truth.owned('process'), gate, skew);
  const fired: string[] = [];
  const note = (what: string) => () => void fired.push(`${what} at ${truth.now() - START}`);
  const pass = (): void => {
    while (truth.step());
  };
  return { truth, gate, clock, fired, note, pass };
};

describe('the clock of a process', () => {
  it('tells dates as its machine does, and measures time apart from them', () => {
    const { clock, note, pass, fired } = open({ offset: 500, rate: 1 });
    expect(clock.now()).toBe(START + 500);
    clock.schedule(START + 600, note('date'));
    clock.after(100, note('pause'));
    pass();
    expect(fired).toEqual(['date at 100', 'pause at 100']);
    expect(clock.elapsed()).toBe(100);
  });

  it('keeps dates when it is set, and pauses as well', () => {
    const { clock, note, pass, fired } = open();
    clock.schedule(START + 300, note('date'));
    clock.after(100, note('pause'));
    clock.set(250);
    pass();
    expect(fired).toEqual(['date at 50', 'pause at 100']);
    clock.schedule(START + 600, note('date'));
    clock.set(0);
    pass();
    expect(fired.at(-1)).toBe('date at 600');
  });

  it.each([0.9, 1, 1.1])('makes no call early, at a rate of %d', (rate) => {
    const { clock, pass } = open({ offset: 0, rate });
    for (let ms = 0; ms < 100; ms += 1) {
      const due = clock.elapsed() + ms;
      let early: number | undefined;
      clock.after(ms, () => {
        early = due - clock.elapsed();
      });
      pass();
      expect(early).toBeLessThanOrEqual(0);
    }
  });

  it('makes no call while its process is frozen, and then all that are due and still wanted', () => {
    const { truth, gate, clock, note, pass, fired } = open();
    const cancelled = clock.after(30, note('cancelled'));
    clock.after(10, note('first'));
    clock.after(20, note('second'));
    clock.after(500, note('third'));
    gate.freeze();
    gate.pass('news', note('news'));
    truth.after(100, () => {
      cancelled.cancel();
      gate.thaw();
    });
    pass();
    expect([...fired].sort()).toEqual(['first at 100', 'news at 100', 'second at 100', 'third at 500']);
    expect(fired.indexOf('first at 100')).toBeLessThan(fired.indexOf('second at 100'));
  });

  it('hears what waited in a turn of its own each, and nothing more when it is frozen again', () => {
    const { gate, note, pass, fired } = open();
    gate.freeze();
    gate.pass('news', () => {
      note('first')();
      gate.freeze();
    });
    gate.pass('news', note('second'));
    gate.thaw();
    pass();
    expect(fired).toEqual(['first at 0']);
    gate.thaw();
    pass();
    expect(fired).toEqual(['first at 0', 'second at 0']);
  });
});
