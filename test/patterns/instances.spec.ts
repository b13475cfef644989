import { describe, expect, test } from 'vitest';
import { play } from './play.ts';

describe('multiple instances', () => {
  test('12. without synchronization: what follows does not wait for them', () => {
    const run = play(12, { offences: [{ n: 1 }, { n: 2 }] });
    const letters = [0, 1].map((n) => `fines[letters].each_letter[${n}].send_letter`);
    expect(run.calls).toEqual([...letters, 'fines[rest].close_case']);
    expect(run.given(letters[1] ?? '')).toEqual({ n: 2 });
    run.done('fines[rest].close_case');
    expect(run.calls).toEqual(letters);
    run.done(letters);
    expect(run.status).toBe('completed');
  });

  test('13. known by design: as many as the definition says, and all are waited for', () => {
    const run = play(13);
    const signatures = [0, 1, 2].map((n) => `signatures[${n}].sign`);
    expect(run.calls).toEqual(signatures);
    run.done(signatures.slice(1));
    expect(run.calls).toEqual([signatures[0]]);
    run.done(signatures.slice(0, 1));
    expect(run.calls).toEqual(['archive']);
  });

  test('14. known at run time: as many as were found', () => {
    const run = play(14);
    run.done('count_reviewers', ['ada', 'bob']);
    expect(run.calls).toEqual(['reviews[0].review', 'reviews[1].review']);
    run.done('reviews[1].review', 'no');
    run.done('reviews[0].review', 'yes');
    expect(run.calls).toEqual(['decide']);
    expect(run.variables['verdicts']).toEqual(['yes', 'no']);
  });

  test('15. added meanwhile: in rounds, until the last', () => {
    const run = play(15);
    run.signal('added', { witnesses: ['ada'], last: false });
    expect(run.calls).toEqual(['rounds[0].statements[0].take_statement']);
    run.signal('added', { witnesses: ['bob', 'cy'], last: true });
    expect(run.calls, 'they wait for the next round').toHaveLength(1);
    run.done('rounds[0].statements[0].take_statement');
    expect(run.calls).toEqual([0, 1].map((n) => `rounds[1].statements[${n}].take_statement`));
    run.done(run.calls);
    expect(run.calls).toEqual(['close_file']);
  });
});
