import { getActiveResourcesInfo } from 'node:process';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import type { Timer } from '../../../src/ports/clock.ts';

const timersOfNode = (): number => getActiveResourcesInfo().filter((type) => type === 'Timeout').length;

const HOUR = 3_600_000;

/** Sets the clock of the machine by so many ms until the test is finished. */
const setMachineBy = (ms: number): void => {
  const { now } = Date;
  Date.now = () => now() + ms;
  onTestFinished(() => {
    Date.now = now;
  });
};

it('calls at or after the time, in the order of the times, and of those alike in the order they came', async () => {
  const clock = systemClock();
  const now = clock.now();
  const called: string[] = [];
  const late: number[] = [];
  await new Promise<void>((resolve) => {
    const schedule = (name: string, at: number) =>
      clock.schedule(at, () => {
        called.push(name);
        late.push(clock.now() - at);
        if (called.length === 5) resolve();
      });
    schedule('fourth', now + 30);
    schedule('second', now + 5);
    schedule('third', now + 5);
    schedule('fifth', now + 30);
    schedule('first', now - HOUR);
  });
  expect(called).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
  expect(late.every((ms) => ms >= 0)).toBe(true);
});

it('makes a call after its time though the clock of the machine is set back meanwhile', async () => {
  const clock = systemClock();
  const began = performance.now();
  const passed = new Promise<number>((resolve) => clock.after(20, () => resolve(performance.now() - began)));
  setMachineBy(-HOUR);
  expect(await passed).toBeGreaterThanOrEqual(20);
});

it('makes no call before its time though the clock of the machine is set forward', async () => {
  const clock = systemClock();
  const called: string[] = [];
  const timer = clock.after(HOUR, () => called.push('too early'));
  setMachineBy(2 * HOUR);
  await new Promise<void>((resolve) => clock.schedule(clock.now() - HOUR, resolve));
  await new Promise<void>((resolve) => clock.after(0, resolve));
  timer.cancel();
  expect(called).toEqual([]);
});

it('takes one timer of Node for any number, and none when there is nothing to wait for', () => {
  const clock = systemClock();
  const before = timersOfNode();
  const timers = Array.from({ length: 1_000 }, (_, n) =>
    clock.schedule(clock.now() + HOUR * (1_000 - n), () => undefined),
  );
  expect(timersOfNode()).toBe(before + 1);
  for (const timer of timers) timer.cancel();
  expect(timersOfNode()).toBe(before);
  timers[0]?.cancel();
});

it('does not make a call that was cancelled, not even by one that came just before', async () => {
  const clock = systemClock();
  const called: string[] = [];
  const at = clock.now() + 5;
  await new Promise<void>((resolve) => {
    const later: Timer[] = [];
    clock.schedule(at, () => {
      called.push('first');
      for (const timer of later) timer.cancel();
    });
    later.push(clock.schedule(at, () => called.push('cancelled')));
    clock.schedule(at + 1, resolve);
  });
  expect(called).toEqual(['first']);
});

it('lets others have their turn while many calls are due at once', async () => {
  const clock = systemClock();
  const order: string[] = [];
  const busy = () => {
    order.push('call');
    for (const until = performance.now() + 1; performance.now() < until;);
  };
  const at = clock.now();
  setImmediate(function look() {
    order.push('other');
    if (order.filter((what) => what === 'call').length < 100) setImmediate(look);
  });
  await new Promise<void>((resolve) => {
    for (let n = 0; n < 100; n += 1) clock.schedule(at, busy);
    clock.schedule(at, resolve);
  });
  const firstCall = order.indexOf('call');
  expect(order.lastIndexOf('other')).toBeGreaterThan(firstCall);
});

it('makes the calls that follow one that throws', async () => {
  const clock = systemClock();
  const thrown: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(error));
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  });
  const failure = new Error('a bug');
  await new Promise<void>((resolve) => {
    clock.schedule(clock.now(), () => {
      throw failure;
    });
    clock.schedule(clock.now(), resolve);
  });
  expect(thrown).toEqual([failure]);
});
