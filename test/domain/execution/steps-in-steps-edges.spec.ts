import { describe, expect, test } from 'vitest';
import { completed, define, failed, given, start } from '../../spec/execution.ts';
import { short, signal, waiting } from './blocks.ts';

describe('a race in a loop in a race', () => {
  const definition = define(`
workflow: races
variables: { rounds: 0 }
activities:
  - name: outer
    parallel:
      join: first
      branches:
        rounds:
          - name: loop
            while:
              condition: "\${workflow.rounds < 2}"
              steps:
                - name: inner
                  parallel:
                    join: first
                    branches: [[{ name: call }], [{ name: stop, wait: { signal: stop } }]]
                - name: count
                  set: { variables: { rounds: "\${workflow.rounds + 1}" } }
        deadline: [{ name: late, wait: { for: 1h } }]
  - name: last
`);

  test('is run race by race', () => {
    const first = given(definition).after(start());
    expect(waiting(definition, first)).toEqual([
      'timer outer[deadline].late',
      'attempt outer[rounds].loop[0].inner[0].call',
      'signal outer[rounds].loop[0].inner[1].stop',
    ]);
    const second = first.after(signal('stop'));
    const { events } = second.when(completed('outer[rounds].loop[1].inner[0].call'));
    expect(short(events)).toEqual([
      'step.completed outer[rounds].loop[1].inner[0].call',
      'branch.completed outer[rounds].loop[1].inner[0]',
      'step.cancelled outer[rounds].loop[1].inner[1].stop',
      'branch.cancelled outer[rounds].loop[1].inner[1]',
      'step.completed outer[rounds].loop[1].inner',
      'variables.set outer[rounds].loop[1].count',
      'branch.completed outer[rounds].loop[1]',
      'step.completed outer[rounds].loop',
      'branch.completed outer[rounds]',
      'step.cancelled outer[deadline].late',
      'branch.cancelled outer[deadline]',
      'step.completed outer',
      'step.started last',
    ]);
  });

  test('is given up from the inside out when the outer one is over', () => {
    const run = given(definition).after(start());
    const { events, state } = run.when({
      type: 'fire_timer',
      step: 'outer[deadline].late',
      dueAt: 3_600_000,
    });
    expect(short(events).slice(2)).toEqual([
      'branch.completed outer[deadline]',
      'step.cancelled outer[rounds].loop[0].inner[1].stop',
      'step.cancelled outer[rounds].loop[0].inner[0].call',
      'step.cancelled outer[rounds].loop[0].inner',
      'step.cancelled outer[rounds].loop',
      'branch.cancelled outer[rounds]',
      'step.completed outer',
      'step.started last',
    ]);
    expect(Object.keys(state.branches)).toEqual(['']);
  });
});

describe('a signal that two branches wait for', () => {
  const definition = define(`
workflow: two
activities:
  - name: both
    parallel:
      branches:
        one: [{ name: first, wait: { signal: go, timeout: 1h } }]
        two: [{ name: second, wait: { signal: go } }]
`);
  const payload = (n: number) => ({ type: 'signal', signal: 'go', payload: n }) as const;

  test('is for one of them: the other waits for the next', () => {
    const one = given(definition).after(start()).after(payload(1));
    expect(waiting(definition, one)).toEqual(['signal both[two].second']);
    expect(one.after(payload(2)).state).toMatchObject({
      status: 'completed',
      steps: { 'both[one].first': { output: 1 }, 'both[two].second': { output: 2 } },
    });
  });

  test('is for the other when the first has timed out meanwhile', () => {
    const skipping = define(`
workflow: two
activities:
  - name: both
    parallel:
      on_error: collect
      join: 1
      branches:
        one: [{ name: first, wait: { signal: go, timeout: 1h } }]
        two: [{ name: second, wait: { signal: go } }]
`);
    const timedOut = given(skipping)
      .after(start())
      .after({ type: 'fire_timer', step: 'both[one].first', dueAt: 3_600_000 });
    const { events } = timedOut.when(payload(1));
    expect(events[0]).toMatchObject({ type: 'signal.received', facts: { step: 'both[two].second' } });
  });

  test('that was kept is used once', () => {
    const later = define(`
workflow: later
activities:
  - name: before
  - name: both
    parallel:
      branches: { one: [{ name: first, wait: { signal: go } }], two: [{ name: second, wait: { signal: go } }] }
`);
    const run = given(later).after(start()).after(payload(1)).after(completed('before'));
    expect(waiting(later, run)).toEqual(['signal both[two].second']);
    expect(run.state.signals).toEqual({ go: [] });
  });
});

describe('a run that is cancelled while branches run', () => {
  test('waits for nothing, and takes no reports', () => {
    const definition = define(`
workflow: many
activities:
  - name: each
    foreach:
      items: [1, 2, 3]
      concurrency: 3
      steps: [{ name: call, retry: { max_attempts: 3 } }, { name: rest, wait: { for: 1h } }]
`);
    const run = given(definition)
      .after(start())
      .after(failed('each[0].call'))
      .after(completed('each[1].call'));
    expect(waiting(definition, run)).toHaveLength(3);
    const over = run.after({ type: 'cancel', reason: 'enough' });
    expect(waiting(definition, over)).toEqual([]);
    for (const command of [
      completed('each[2].call'),
      failed('each[2].call'),
      { type: 'fire_timer', step: 'each[1].rest', dueAt: 3_600_000 },
      { type: 'go_on' },
    ] as const)
      over.when(command).thenNothing();
    over.whenRefused(signal('go'), 'EXECUTION_ENDED');
  });
});

describe('what a block gives that cannot be had', () => {
  const leaving = (strategy: string, fallback = '') =>
    define(`
workflow: leaving
activities:
  - name: first
    when: "\${!has(workflow.left)}"
  - name: loop
    while:
      condition: true
      steps:
        - name: choice
          output: { gone: "\${output.nothing}" }
          ${fallback}
          switch:
            - when: true
              steps: [{ name: out, set: { variables: { left: true } }, next: last }]
        - name: pause
          wait: { signal: go }
  - name: between
  - name: last
error_handling: { workflow_error: { strategy: ${strategy} } }
`);

  test('fails the block that is jumped out of, and the run is not where it was to go', () => {
    const { events } = given(leaving('stop')).after(start()).when(completed('first'));
    expect(short(events).slice(-5)).toEqual([
      'branch.completed loop[0].choice[0]',
      'step.failed loop[0].choice',
      'branch.failed loop[0]',
      'step.failed loop',
      'execution.failed loop[0].choice',
    ]);
  });

  test('lets a run that goes on whatever happens go where it was to go', () => {
    const run = given(leaving('continue')).after(start()).after(completed('first'));
    expect(waiting(leaving('continue'), run)).toEqual(['attempt last']);
  });

  test('fails the turn that collects, and the loop that wants all', () => {
    const collecting = (more: string) =>
      define(`
workflow: collecting
activities:
  - name: each
    foreach:
      items: [1, 2]
      concurrency: 2
      ${more}
      steps: [{ name: call }]
      collect: "\${steps.call.output.value}"
  - name: last
`);
    const strict = given(collecting('on_error: fail_fast')).after(start());
    expect(short(strict.when(completed('each[1].call')).events)).toEqual([
      'step.completed each[1].call',
      'branch.failed each[1]',
      'step.cancelled each[0].call',
      'branch.cancelled each[0]',
      'step.failed each',
      'execution.failed each',
    ]);
    const patient = given(collecting('on_error: collect')).after(start()).after(completed('each[1].call'));
    const { events } = patient.when(completed('each[0].call', 1, { value: 7 }));
    expect(events.at(-1)).toMatchObject({
      type: 'execution.failed',
      facts: { errorType: 'BranchesFailed' },
      payload: { error: { details: { needed: 2, completed: 1, failed: 1, first: 'ExpressionError' } } },
    });
  });
});

describe('the strategy continue', () => {
  const steps = (block: string) =>
    define(`
workflow: going_on
variables: { rounds: 0 }
activities:
  - name: block
    ${block}
  - name: last
error_handling: { workflow_error: { strategy: continue } }
`);
  const INNER = '[{ name: call }, { name: next }]';

  test.for([
    ['parallel', `parallel: { branches: { one: ${INNER} } }`, 'block[one]'],
    ['foreach', `foreach: { items: [1], steps: ${INNER} }`, 'block[0]'],
    ['switch', `switch: [{ when: true, steps: ${INNER} }]`, 'block[0]'],
    [
      'while',
      `while: { condition: "\${workflow.rounds == 0}", steps: [{ name: call }, { name: next, output: { rounds: 1 } }] }`,
      'block[0]',
    ],
  ] as const)('goes on in the branch of a %s in which a step fails', ([, block, branch]) => {
    const definition = steps(block);
    const failing = given(definition)
      .after(start())
      .when(failed(`${branch}.call`));
    expect(short(failing.events)).toEqual([`step.failed ${branch}.call`, `step.started ${branch}.next`]);
    const run = given(definition)
      .after(start())
      .after(failed(`${branch}.call`))
      .after(completed(`${branch}.next`));
    expect(waiting(definition, run)).toEqual(['attempt last']);
  });

  test.for([
    ['items that are no list', 'foreach: { items: "${input}", steps: [{ name: call }] }'],
    ['a condition that is none', 'while: { condition: "${input}", steps: [{ name: call }] }'],
    ['a case that is none', 'switch: [{ when: "${input}", steps: [{ name: call }] }]'],
    ['turns without end', 'while: { condition: true, max: 1, steps: [{ name: call, when: false }] }'],
  ] as const)('goes on behind a block with %s', ([, block]) => {
    const definition = steps(block);
    const run = given(definition).after(start({ input: 'text' }));
    expect(waiting(definition, run)).toEqual(['attempt last']);
    expect(run.state.steps['block']).toMatchObject({ status: 'failed', done: true });
  });
});

describe('names that mean something to the language that this is written in', () => {
  test('are names like any other', () => {
    const definition = define(`
workflow: constructor
variables: { constructor: 1, valueof: 2 }
activities:
  - name: constructor
    parallel:
      branches:
        constructor: [{ name: hasownproperty, output: { tostring: "\${output}" } }]
        valueof: [{ name: isprototypeof, activity: constructor, when: false }]
  - name: each
    foreach:
      items: [1]
      item: prototype
      steps: [{ name: valueof, input: "\${prototype + workflow.constructor}" }]
  - name: signalled
    wait: { signal: __proto__ }
    output: { got: "\${output}" }
  - name: last
    input: "\${[has(workflow.tostring), steps.hasownproperty.status, workflow.got]}"
`);
    let run = given(definition).after(start());
    run = run.after(completed('constructor[constructor].hasownproperty', 1, 'x'));
    expect(run.state.variables).toMatchObject({ tostring: 'x' });
    const { events } = given(definition)
      .after(start())
      .when(completed('constructor[constructor].hasownproperty', 1, 'x'));
    expect(events.at(-1)).toMatchObject({ payload: { input: 2 } });
    run = run.after(completed('each[0].valueof'));
    const last = run.when({ type: 'signal', signal: '__proto__', payload: 7 });
    expect(last.events.at(-1)).toMatchObject({ payload: { input: [true, 'completed', 7] } });
    const kept = given(definition).after(start()).after({ type: 'signal', signal: '__proto__', payload: 7 });
    expect(Object.keys(kept.state.signals)).toEqual(['__proto__']);
  });
});
