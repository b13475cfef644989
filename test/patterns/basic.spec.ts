import { describe, expect, test } from 'vitest';
import { play } from './play.ts';

describe('basic control flow', () => {
  test('1. sequence: a step begins when the one before it has completed', () => {
    const run = play(1);
    expect(run.calls).toEqual(['register']);
    run.done('register');
    expect(run.calls).toEqual(['check']);
    run.done('check');
    expect(run.status).toBe('completed');
  });

  test('2. parallel split: branches begin at once', () => {
    const run = play(2);
    run.done('register');
    expect(run.calls).toEqual(['both[notes].take_notes', 'both[photos].take_photos']);
  });

  test.each([[['ticket', 'payment']], [['payment', 'ticket']]])(
    '3. synchronization: what follows waits for all, whichever is first of %j',
    ([first = '', last = '']) => {
      const call = { ticket: 'both[ticket].print_ticket', payment: 'both[payment].take_payment' };
      const run = play(3);
      run.done(call[first as 'ticket']);
      expect(run.calls).toEqual([call[last as 'payment']]);
      run.done(call[last as 'payment']);
      expect(run.calls).toEqual(['hand_out']);
    },
  );

  test.each([
    [2000, 'by_amount[0].ask_manager'],
    [200, 'by_amount[1].ask_colleague'],
    [20, 'by_amount[else].approve'],
  ])('4. exclusive choice: of an amount of %i one branch is taken', (amount, taken) => {
    const run = play(4, { amount });
    expect(run.calls).toEqual([taken]);
    run.done(taken);
    expect(run.status).toBe('completed');
  });

  test.each([
    [true, 'by_customer[0].open_account'],
    [false, 'by_customer[else].find_account'],
  ])('5. simple merge: a customer who is new (%s) comes to the same step, once', (isNew, taken) => {
    const run = play(5, { is_new: isNew });
    run.done(taken);
    expect(run.calls).toEqual(['take_order']);
    run.done('take_order');
    expect(run.status).toBe('completed');
  });
});
