import { describe, expect, it } from 'vitest';
import { createWaiters } from '../../src/projections/waiters.ts';
import { handClock } from '../spec/clock.ts';

const late = () => new Error('late');

describe('waiters', () => {
  it('look at once, and let go of the clock', async () => {
    const clock = handClock();
    await createWaiters(clock).wait(() => true, 100, late);
    expect(clock.due).toEqual([]);
  });

  it('look again whenever there is progress, and no more once it is as wanted', async () => {
    const clock = handClock();
    const waiters = createWaiters(clock);
    let looks = 0;
    const waiting = waiters.wait(() => (looks += 1) === 3, 100, late);
    waiters.look();
    waiters.look();
    await waiting;
    waiters.look();
    expect(looks).toBe(3);
    expect(clock.due).toEqual([]);
  });

  it('are told apart', async () => {
    const clock = handClock();
    const waiters = createWaiters(clock);
    let reached = 0;
    const order: number[] = [];
    const waits = [3, 1, 2].map((wanted) =>
      waiters.wait(() => reached >= wanted, 100, late).then(() => order.push(wanted)),
    );
    for (reached = 1; reached <= 3; reached += 1) {
      waiters.look();
      await Promise.race(waits);
    }
    await Promise.all(waits);
    expect(order).toEqual([1, 2, 3]);
  });

  it('give up at the time-out, to the millisecond, and not before', async () => {
    const clock = handClock();
    const waiters = createWaiters(clock);
    let ended = false;
    const waiting = waiters
      .wait(() => false, 100, late)
      .finally(() => {
        ended = true;
      });
    clock.advance(99);
    waiters.look();
    await Promise.resolve();
    expect(ended).toBe(false);
    clock.advance(1);
    await expect(waiting).rejects.toThrow('late');
  });

  it('reject with what the look throws, at once or later, and forget the waiter', async () => {
    const clock = handClock();
    const waiters = createWaiters(clock);
    const gone = new Error('gone');
    const failing = (from: number) => {
      let looks = 0;
      return waiters.wait(
        () => {
          looks += 1;
          if (looks >= from) throw gone;
          return false;
        },
        100,
        late,
      );
    };
    await expect(failing(1)).rejects.toBe(gone);
    const later = failing(2);
    waiters.look();
    await expect(later).rejects.toBe(gone);
    waiters.look();
    expect(clock.due).toEqual([]);
  });
});
