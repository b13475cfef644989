import { expect, it } from 'vitest';
import { virtualClock } from './virtual-clock.ts';

const at = (clock: ReturnType<typeof virtualClock>, ms: number) => clock.now() + ms;

it('makes calls at their time, and those of one time in the order in which they were scheduled', () => {
  const clock = virtualClock(1_000);
  const made: string[] = [];
  const note = (name: string) => () => made.push(`${name} ${clock.now()}`);
  clock.schedule(at(clock, 5), note('a'));
  clock.schedule(at(clock, 2), note('b'));
  clock.schedule(at(clock, 5), note('c'));
  clock.schedule(at(clock, 3), note('cancelled')).cancel();
  clock.schedule(at(clock, -7), note('late'));
  while (clock.step());
  expect(made).toEqual(['late 1000', 'b 1002', 'a 1005', 'c 1005']);
  expect(clock.step()).toBe(false);
});

it('makes no call of an owner that was cut, and says whose calls are left', () => {
  const clock = virtualClock();
  const [one, other] = [clock.owned('one'), clock.owned('other')];
  const made: string[] = [];
  one.schedule(at(clock, 1), () => made.push('one'));
  other.schedule(at(clock, 2), () => made.push('other'));
  expect(clock.armed().toSorted()).toEqual(['one: 1', 'other: 1']);
  one.cut();
  one.schedule(at(clock, 1), () => made.push('one again'));
  expect([one.armed, other.armed]).toEqual([0, 1]);
  while (clock.step());
  expect(made).toEqual(['other']);
});
