import { describe, expect, test } from 'vitest';
import { play } from './play.ts';

describe('advanced branching', () => {
  test.each([
    [true, 2, ['alarm[0].call_fire_brigade', 'alarm[1].call_ambulance']],
    [false, 1, ['alarm[1].call_ambulance']],
    [false, 0, ['alarm[else].write_report']],
  ])('6. multi-choice: of a fire (%s) with %i injured', (fire, injured, taken) => {
    expect(play(6, { fire, injured }).calls).toEqual(taken);
  });

  test.each([
    [true, true, ['extras[0].wrap', 'extras[1].insure']],
    [true, false, ['extras[0].wrap']],
    [false, false, []],
  ])(
    '7. synchronizing merge: of a gift (%s) that is insured (%s) all are waited for',
    (gift, insured, taken) => {
      const run = play(7, { gift, insured });
      for (const path of taken) {
        expect(run.calls).not.toContain('ship');
        run.done(path);
      }
      expect(run.calls).toEqual(['ship']);
    },
  );

  test('8. multi-merge: what follows is run for each branch that comes to it', () => {
    const run = play(8);
    expect(run.calls).toEqual(['audits[0].by_kind[0].audit_books', 'audits[1].by_kind[else].audit_safety']);
    run.done('audits[1].by_kind[else].audit_safety');
    expect(run.calls).toEqual(['audits[0].by_kind[0].audit_books', 'audits[1].file_report']);
    expect(run.given('audits[1].file_report')).toEqual({ about: 'safety' });
    run.done('audits[0].by_kind[0].audit_books');
    expect(run.calls).toEqual(['audits[1].file_report', 'audits[0].file_report']);
    run.done(run.calls);
    expect(run.status).toBe('completed');
  });

  test('9. discriminator: the first goes on, the others come to nothing', () => {
    const run = play(9, { carriers: ['a', 'b', 'c'] });
    run.done('quotes[1].ask', { price: 7 });
    expect(run.calls).toEqual(['quotes[0].ask', 'quotes[2].ask', 'quotes[1].book']);
    expect(run.given('quotes[1].book')).toEqual({ price: 7 });
    run.done('quotes[2].ask', { price: 5 });
    run.done('quotes[1].book');
    expect(run.calls, 'the others go on').toEqual(['quotes[0].ask']);
    run.done('quotes[0].ask', { price: 3 });
    expect(run.status).toBe('completed');
    expect(run.variables).toEqual({ quote: { price: 7 } });
  });
});

describe('structure', () => {
  test('10. arbitrary cycles: back to where a verdict leads', () => {
    const run = play(10);
    const review = (verdict: string): void => {
      expect(run.calls).toEqual(['review']);
      run.done('review', verdict);
    };
    run.done('write');
    review('rewrite');
    expect(run.calls).toEqual(['write']);
    run.done('write');
    review('polish');
    expect(run.calls).toEqual(['polish']);
    run.done('polish');
    review('good');
    expect(run.calls).toEqual(['publish']);
  });

  test('11. implicit termination: the run ends with the last of its branches', () => {
    const run = play(11);
    run.done(['deliver[goods].pack', 'deliver[goods].send']);
    expect(run.status).toBe('running');
    run.done('deliver[bill].write_bill');
    expect(run.status).toBe('completed');
  });
});
