import { describe, expect, test } from 'vitest';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';
import { short, signal, waiting } from './blocks.ts';

describe('switch', () => {
  const choice = (more = '') =>
    define(`
workflow: choice
activities:
  - name: choice
    ${more}
    switch:
      - when: "\${input.n > 1}"
        steps: [{ name: many }]
      - when: "\${input.n > 2}"
        steps: [{ name: more }]
      - else: [{ name: few }]
  - name: last
    input: { many: "\${has(steps.many) ? steps.many.status : 'none'}" }
`);

  test.for([
    [0, '', ['attempt choice[else].few']],
    [2, '', ['attempt choice[0].many']],
    [3, '', ['attempt choice[0].many']],
    [3, 'match: all', ['attempt choice[0].many', 'attempt choice[1].more']],
    [0, 'match: all', ['attempt choice[else].few']],
  ] as const)('of %s takes what holds %s', ([n, more, expected]) => {
    const definition = choice(more);
    expect(waiting(definition, given(definition).after(start({ input: { n } })))).toEqual(expected);
  });

  test('lets the steps behind it see what was chosen', () => {
    const chosen = given(choice()).after(start({ input: { n: 2 } }));
    expect(chosen.when(completed('choice[0].many')).events.at(-1)).toMatchObject({
      payload: { input: { many: 'completed' } },
    });
    const other = given(choice()).after(start({ input: { n: 0 } }));
    expect(other.when(completed('choice[else].few')).events.at(-1)).toMatchObject({
      payload: { input: { many: 'none' } },
    });
  });
});

describe('next', () => {
  const jumping = define(`
workflow: jumping
activities:
  - name: first
  - name: middle
    max_visits: 3
    output: { again: "\${output}" }
  - name: back
    when: "\${workflow.again}"
    set: { variables: { was: "\${steps.first.output}" } }
    next: first
  - name: last
compensation: {}
compensation_activities: { middle: { activity: undo, params: { was: "\${output}" } } }
error_handling: { workflow_error: { strategy: compensate } }
`);

  test('goes back, and attempts and visits count on', () => {
    const run = given(jumping)
      .after(start())
      .after(completed('first', 1, 'one'));
    const back = run.when(completed('middle', 1, true));
    expect(short(back.events)).toEqual([
      'step.completed middle',
      'variables.set back',
      'step.jumped back to first',
      'step.started first',
    ]);
    expect(back.events.at(-1)).toMatchObject({ facts: { attempt: 2 } });
    const again = run.after(completed('middle', 1, true));
    expect(pendingOf(jumping, again.state)).toMatchObject([{ step: 'first', attempt: 2, visit: 2 }]);
    const on = again.after(completed('first', 2, 'two')).when(completed('middle', 2, false));
    expect(short(on.events)).toEqual(['step.completed middle', 'step.skipped back', 'step.started last']);
  });

  test('goes on as often as a step may be visited', () => {
    let run = given(jumping).after(start());
    for (const n of [1, 2, 3]) run = run.after(completed('first', n)).after(completed('middle', n, true));
    const { events } = run.when(completed('first', 4));
    expect(events[1]).toMatchObject({
      type: 'step.failed',
      facts: { step: 'middle', errorType: 'TooManyVisits' },
    });
  });

  test('has each visit undone, with what it gave', () => {
    const run = given(jumping)
      .after(start())
      .after(completed('first'))
      .after(completed('middle', 1, true))
      .after(completed('first', 2))
      .after(completed('middle', 2, false));
    const undo = run.when(failed('last'));
    expect(undo.events[1]).toMatchObject({ facts: { steps: ['middle', 'middle'] } });
    expect(undo.events[2]).toMatchObject({ facts: { attempt: 1 }, payload: { input: { was: false } } });
    const next = run.after(failed('last')).when({ ...completed('middle'), compensation: true } as never);
    expect(next.events[1]).toMatchObject({ facts: { attempt: 2 }, payload: { input: { was: true } } });
  });

  test('leaves the blocks that it jumps out of', () => {
    const leaving = define(`
workflow: leaving
variables: { turns: 0 }
activities:
  - name: first
  - name: loop
    while:
      condition: true
      steps:
        - name: choice
          switch:
            - when: "\${workflow.turns == 1 && !has(workflow.left)}"
              steps: [{ name: out, set: { variables: { left: true } }, next: first }]
        - name: count
          set: { variables: { turns: "\${workflow.turns + 1}" } }
        - name: pause
          wait: { signal: go }
`);
    const run = given(leaving).after(start()).after(completed('first'));
    const { events, state } = run.when(signal('go'));
    expect(short(events).slice(2)).toEqual([
      'branch.completed loop[0]',
      'step.started loop[1].choice',
      'variables.set loop[1].choice[0].out',
      'branch.completed loop[1].choice[0]',
      'step.completed loop[1].choice',
      'branch.completed loop[1]',
      'step.completed loop',
      'step.jumped loop[1].choice[0].out to first',
      'step.started first',
    ]);
    expect(Object.keys(state.branches)).toEqual(['']);
    const again = run.after(signal('go')).after({ ...completed('first', 2) });
    expect(waiting(leaving, again)[0], 'turns count on').toMatch(/loop\[2\]/);
  });
});

describe('fail and end', () => {
  test('end the run, whatever else is under way', () => {
    const racing = (kind: string) =>
      define(`
workflow: racing
activities:
  - name: both
    parallel:
      branches:
        - [{ name: pay }]
        - [{ name: rest, wait: { signal: go } }, { name: over, ${kind} }]
  - name: last
`);
    const ended = given(racing('end: true')).after(start()).when(signal('go'));
    expect(short(ended.events).at(-1)).toBe('execution.completed');
    expect(ended.state.status).toBe('completed');
    const failing = given(racing("fail: { type: Refused, message: 'Order ${workflow.id} is refused.' }"));
    const { events } = failing.after(start()).when(signal('go'));
    expect(events.at(-1)).toMatchObject({
      type: 'execution.failed',
      facts: { step: 'both[1].over', errorType: 'Refused' },
      payload: { error: { message: 'Order an-execution is refused.' } },
    });
  });
});
