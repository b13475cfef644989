import { describe, expect, test } from 'vitest';
import { play } from './play.ts';

describe('states', () => {
  const accepted = 'answer[accepted].await_acceptance';
  const expired = 'answer[expired].a_week';

  test('16. deferred choice: the signal comes first', () => {
    const run = play(16);
    expect(run.waits).toEqual([`signal ${accepted}`, `timer ${expired}`]);
    run.signal('accepted');
    expect(run.waits).toEqual(['attempt book']);
  });

  test('16. deferred choice: the time comes first', () => {
    const run = play(16);
    run.pass(expired);
    expect([run.status, run.variables]).toEqual(['completed', { accepted: false }]);
  });

  test.each([[['blood', 'xray']], [['xray', 'blood']]])(
    '17. interleaved parallel routing: in the order of %j, one at a time',
    (order) => {
      const run = play(17);
      for (const [round, name] of order.entries()) {
        run.signal('next_test', name);
        expect(run.calls).toHaveLength(1);
        expect(run.calls[0]).toMatch(new RegExp(`^tests\\[${round}\\].*\\.take_${name}$`));
        run.done(run.calls);
      }
      expect(run.calls).toEqual(['diagnose']);
    },
  );

  test('17. interleaved parallel routing: nothing is run twice', () => {
    const run = play(17);
    run.signal('next_test', 'blood');
    run.done(run.calls);
    run.signal('next_test', 'blood');
    expect(run.waits).toEqual(['signal tests[2].chosen']);
  });

  test('18. milestone: changes are made after the order, as often as they are asked for', () => {
    const run = play(18);
    const change = (n: number) => `open_for_changes[changes].changing[${n}].make_change`;
    run.signal('change', 'blue');
    expect(run.calls, 'not before').toEqual(['take_order']);
    run.done('take_order');
    expect(run.calls).toEqual([change(0)]);
    expect(run.given(change(0))).toBe('blue');
    run.done(change(0));
    run.signal('change', 'green');
    run.done(change(1));
    run.signal('shipped');
    expect(run.waits).toEqual(['attempt send_bill']);
    run.signal('change', 'red');
    run.done('send_bill');
    expect([run.status, run.variables], 'not after').toEqual(['completed', { change: 'green' }]);
  });
});

describe('cancellation', () => {
  test('19. cancel activity: what is under way is given up, and the run goes on', () => {
    const run = play(19);
    run.signal('enough');
    expect(run.calls).toEqual(['answer']);
    expect(() => run.done('searching[search].search_archive')).toThrow('there is none');
  });

  test('19. cancel activity: not once it has completed', () => {
    const run = play(19);
    run.done('searching[search].search_archive');
    expect(run.waits).toEqual(['attempt answer']);
  });

  test.each([
    ['cancelled', 'from outside', (run: ReturnType<typeof play>) => run.cancel()],
    ['failed', 'from within', (run: ReturnType<typeof play>) => run.signal('withdrawn')],
  ])('20. cancel case: the run is %s %s, whatever is under way', (status, _where, withdraw) => {
    const run = play(20);
    expect(run.calls).toEqual(['trip[flight].book_flight', 'trip[hotel].book_hotel']);
    withdraw(run);
    expect([run.status, run.waits]).toEqual([status, []]);
  });
});
