import { describe, expect, test } from 'vitest';
import { completed, define, failed, given, start } from '../../spec/execution.ts';
import { short, signal, waiting } from './blocks.ts';

describe('parallel', () => {
  const both = (join: string, more = '') =>
    define(`
workflow: both
activities:
  - name: both
    parallel:
      join: ${join}
      ${more}
      branches:
        left: [{ name: pay }, { name: pack }]
        right: [{ name: rest, wait: { signal: go } }]
  - name: last
`);

  test('begins all branches and goes on when all have completed', () => {
    const definition = both('all');
    const begun = given(definition).when(start());
    expect(short(begun.events)).toEqual([
      'execution.started',
      'step.started both',
      'step.started both[left].pay',
      'step.started both[right].rest',
      'signal.awaited both[right].rest',
    ]);
    const running = given(definition).after(start());
    expect(waiting(definition, running)).toEqual(['attempt both[left].pay', 'signal both[right].rest']);
    const signalled = running.when(signal('go'));
    expect(short(signalled.events)).toEqual([
      'signal.received both[right].rest',
      'step.completed both[right].rest',
      'branch.completed both[right]',
    ]);
    const packing = running.after(signal('go')).after(completed('both[left].pay'));
    expect(short(packing.when(completed('both[left].pack')).events)).toEqual([
      'step.completed both[left].pack',
      'branch.completed both[left]',
      'step.completed both',
      'step.started last',
    ]);
  });

  test('begins branches in the order of their names, however they are written', () => {
    const steps = (...names: readonly string[]) =>
      define(`
workflow: both
activities:
  - name: both
    parallel: { branches: { ${names.map((name) => `${name}: [{ name: do_${name} }]`).join(', ')} } }
`);
    const order = ['both[a].do_a', 'both[b].do_b', 'both[c].do_c'].map((step) => `step.started ${step}`);
    expect(short(given(steps('b', 'c', 'a')).when(start()).events).slice(2)).toEqual(order);
    expect(short(given(steps('a', 'b', 'c')).when(start()).events).slice(2)).toEqual(order);
  });

  test('goes on with the first, and tells the others to end', () => {
    const { events } = given(both('first')).after(start()).when(signal('go'));
    expect(short(events)).toEqual([
      'signal.received both[right].rest',
      'step.completed both[right].rest',
      'branch.completed both[right]',
      'step.cancelled both[left].pay',
      'branch.cancelled both[left]',
      'step.completed both',
      'step.started last',
    ]);
  });

  test('fails with the first step that does, and the run says which that was', () => {
    const { events, state } = given(both('all'))
      .after(start())
      .when(failed('both[left].pay', 1, 'Declined'));
    expect(short(events)).toEqual([
      'step.failed both[left].pay',
      'branch.failed both[left]',
      'step.cancelled both[right].rest',
      'branch.cancelled both[right]',
      'step.failed both',
      'execution.failed both[left].pay',
    ]);
    expect(events.map(({ facts }) => 'handled' in facts && facts.handled).filter(Boolean)).toEqual([
      'block',
      'stop',
    ]);
    expect(state.failure).toMatchObject({ step: 'both[left].pay', error: { type: 'Declined' } });
  });

  test('waits for the others where failures are collected, and fails when too few are left', () => {
    const collecting = both('all', 'on_error: collect');
    const one = given(collecting).after(start()).when(failed('both[left].pay'));
    expect(short(one.events)).toEqual(['step.failed both[left].pay', 'branch.failed both[left]']);
    const { events } = given(collecting).after(start()).after(failed('both[left].pay')).when(signal('go'));
    expect(short(events).slice(-3)).toEqual([
      'branch.completed both[right]',
      'step.failed both',
      'execution.failed both',
    ]);
    expect(events.at(-1)).toMatchObject({ facts: { errorType: 'BranchesFailed' } });
    const enough = both('1', 'on_error: collect');
    given(enough)
      .after(start())
      .after(failed('both[left].pay'))
      .when(signal('go'))
      .thenTypes('signal.received', 'step.completed', 'branch.completed', 'step.completed', 'step.started');
  });

  test('that fails has a fallback as any step does', () => {
    const spared = define(`
workflow: both
activities:
  - name: both
    parallel: { branches: [[{ name: pay }], [{ name: rest, wait: { for: 1h } }]] }
    fallback: { activity: mend }
  - name: last
`);
    const failing = given(spared).after(start()).when(failed('both[0].pay'));
    expect(short(failing.events).slice(-2)).toEqual(['step.failed both', 'step.started both']);
    expect(failing.events.at(-1)).toMatchObject({ facts: { activity: 'mend', attempt: 2, fallback: true } });
    const mending = given(spared).after(start()).after(failed('both[0].pay'));
    expect(short(mending.when(completed('both', 2)).events)).toEqual([
      'step.completed both',
      'step.started last',
    ]);
    mending.when(failed('both', 2)).thenTypes('step.failed', 'execution.failed');
  });

  test('that fails as it begins has its fallback called at once', () => {
    const doomed = define(`
workflow: both
activities:
  - name: both
    parallel: { branches: [[{ name: rest, wait: { for: 1h } }], [{ name: stop, fail: { message: no } }]] }
    fallback: { activity: mend }
  - name: last
`);
    const begun = given(doomed).when(start());
    expect(short(begun.events).slice(-2)).toEqual(['step.failed both', 'step.started both']);
    expect(begun.events.at(-1)).toMatchObject({ facts: { activity: 'mend', attempt: 2, fallback: true } });
    const mending = given(doomed).after(start());
    expect(waiting(doomed, mending)).toEqual(['attempt both']);
    expect(short(mending.when(completed('both', 2)).events)).toEqual([
      'step.completed both',
      'step.started last',
    ]);
    const unserved = given(doomed).after(start(), { unserved: ['mend'] });
    expect(waiting(doomed, unserved)).toEqual(['activity both']);
    unserved.when({ type: 'go_on' }).thenTypes('step.started');
  });

  test('counts on when the run comes to it again, also what was given up', () => {
    const again = define(`
workflow: both
activities:
  - name: both
    parallel: { join: first, branches: [[{ name: pay }], [{ name: rest, wait: { signal: go } }]] }
  - name: back
    wait: { signal: back }
    next: both
`);
    const twice = given(again).after(start()).after(signal('go')).after(signal('back'));
    expect(twice.state.steps['both[0].pay']).toMatchObject({ attempt: 2, visit: 2 });
    twice.when(completed('both[0].pay', 1)).thenNothing();
    expect(short(twice.when(completed('both[0].pay', 2)).events)[0]).toBe('step.completed both[0].pay');
  });

  test('counts on behind a step that failed in a branch before', () => {
    const mended = define(`
workflow: both
activities:
  - name: both
    parallel: { join: 1, on_error: collect, branches: [[{ name: pay }], [{ name: rest, wait: { signal: go } }]] }
  - name: back
    wait: { signal: back }
    next: both
`);
    const twice = given(mended).after(start()).after(failed('both[0].pay'));
    const { state } = twice.after(signal('go')).after(signal('back'));
    expect(state.steps['both[0].pay']).toMatchObject({ status: 'running', attempt: 2, visit: 2 });
  });

  test('takes no report of what was given up', () => {
    const raced = given(both('first')).after(start()).after(signal('go'));
    raced.when(completed('both[left].pay')).thenNothing();
    raced.when(failed('both[left].pay')).thenNothing();
  });
});
