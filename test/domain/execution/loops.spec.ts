import { describe, expect, test } from 'vitest';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';
import { short, waiting } from './blocks.ts';

describe('foreach', () => {
  const each = (more: string) =>
    define(`
workflow: each
activities:
  - name: each
    foreach:
      items: "\${input.list}"
      item: order
      ${more}
      steps:
        - name: pay
          input: { order: "\${order.id}", item: "\${item.id}", index: "\${index}" }
          output: { last: "\${output}" }
    output: { all: "\${output}" }
  - name: last
`);
  const list = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

  test('goes over its items one by one, and each turn sees its own', () => {
    const definition = each('collect: "${steps.pay.output + index}"');
    let run = given(definition).after(start({ input: { list } }));
    for (const n of list.keys()) {
      expect(waiting(definition, run)).toEqual([`attempt each[${n}].pay`]);
      const { events } = run.when(completed(`each[${n}].pay`, 1, 10));
      expect(events[1]).toMatchObject({ type: 'branch.completed', payload: { output: 10 + n } });
      run = run.after(completed(`each[${n}].pay`, 1, 10));
    }
    expect(run.state.variables).toEqual({ last: 10, all: [10, 11, 12] });
    expect(waiting(definition, run)).toEqual(['attempt last']);
    expect(Object.keys(run.state.steps), 'turns that are over are forgotten').toEqual(['each', 'last']);
  });

  test('gives each turn its item, by each name that it has', () => {
    const { events } = given(each('concurrency: 3')).when(start({ input: { list } }));
    expect(events.slice(2)).toMatchObject(
      list.map(({ id }, index) => ({ payload: { input: { order: id, item: id, index } } })),
    );
  });

  test('has so many turns under way at most', () => {
    const definition = each('concurrency: 2');
    const run = given(definition).after(start({ input: { list } }));
    expect(waiting(definition, run)).toEqual(['attempt each[0].pay', 'attempt each[1].pay']);
    expect(waiting(definition, run.after(completed('each[1].pay')))).toEqual([
      'attempt each[0].pay',
      'attempt each[2].pay',
    ]);
  });

  test('over nothing is over at once', () => {
    const { events } = given(each('concurrency: 2')).when(start({ input: { list: [] } }));
    expect(short(events).slice(1)).toEqual(['step.started each', 'step.completed each', 'step.started last']);
  });

  test('over what is no list fails, and says what it found', () => {
    const { events } = given(each('concurrency: 2')).when(start({ input: { list: 'abc' } }));
    expect(events.at(-1)).toMatchObject({
      type: 'execution.failed',
      payload: { error: { message: 'Expected "items" to be a list, but found "abc".' } },
    });
  });

  test('over what is no list has its fallback called, and goes on behind it', () => {
    const spared = define(`
workflow: each
activities:
  - name: each
    foreach: { items: "\${input.list}", steps: [{ name: pay }] }
    fallback: { activity: mend }
  - name: last
`);
    const run = given(spared).after(start({ input: { list: 'abc' } }));
    expect(waiting(spared, run)).toEqual(['attempt each']);
    expect(waiting(spared, run.after(completed('each', 1)))).toEqual(['attempt last']);
  });

  test('is undone turn by turn, the last first, each with what it was about', () => {
    const undone = define(`
workflow: each
activities:
  - name: each
    foreach:
      items: "\${input.list}"
      steps: [{ name: pay }, { name: pack }]
  - name: last
compensation: {}
compensation_activities: { pay: { activity: refund, params: { id: "\${item.id}", paid: "\${output}" } } }
error_handling: { workflow_error: { strategy: compensate } }
`);
    let run = given(undone).after(start({ input: { list } }));
    for (const n of [0, 1, 2])
      run = run.after(completed(`each[${n}].pay`, 1, n)).after(completed(`each[${n}].pack`));
    const { events } = run.when(failed('last'));
    expect(events[1]).toMatchObject({ facts: { steps: ['each[2].pay', 'each[1].pay', 'each[0].pay'] } });
    expect(events[2]).toMatchObject({
      type: 'step.compensating',
      facts: { step: 'each[2].pay', activity: 'refund' },
      payload: { input: { id: 'c', paid: 2 } },
    });
  });

  test('leaves what a full turn cannot begin to the next', () => {
    const wide = each('concurrency: 1000');
    const many = Array.from({ length: 1_000 }, (_, id) => ({ id }));
    const first = given(wide).when(start({ input: { list: many } }));
    expect(first.events.length).toBeLessThan(300);
    let run = given(wide).after(start({ input: { list: many } }));
    let turns = 1;
    while (pendingOf(wide, run.state).length < 1_000) {
      run = run.after({ type: 'go_on' });
      turns += 1;
    }
    expect(turns).toBe(4);
    run.when({ type: 'go_on' }).thenNothing();
  });
});

describe('while', () => {
  const loop = (max: number) =>
    define(`
workflow: loop
variables: { n: 0 }
activities:
  - name: loop
    while:
      condition: "\${workflow.n < 3}"
      max: ${max}
      steps: [{ name: count, output: { n: "\${workflow.n + 1}" } }]
  - name: last
`);

  test('asks before each turn', () => {
    let run = given(loop(3)).after(start());
    for (const n of [0, 1, 2]) run = run.after(completed(`loop[${n}].count`));
    expect(waiting(loop(3), run)).toEqual(['attempt last']);
  });

  test('has so many turns at most', () => {
    const run = given(loop(2)).after(start()).after(completed('loop[0].count'));
    const { events } = run.when(completed('loop[1].count'));
    expect(events.at(-1)).toMatchObject({ facts: { step: 'loop', errorType: 'TooManyTurns' } });
  });

  test('without anything to wait for leaves the rest to further turns', () => {
    const busy = define(`
workflow: busy
variables: { n: 0 }
activities:
  - name: loop
    while:
      condition: "\${workflow.n < 900}"
      steps: [{ name: count, set: { variables: { n: "\${workflow.n + 1}" } } }]
`);
    let run = given(busy).after(start());
    let turns = 1;
    for (; run.state.status === 'running'; turns += 1) run = run.after({ type: 'go_on' });
    expect([turns, run.state.status, run.state.variables]).toEqual([8, 'completed', { n: 900 }]);
  });
});
