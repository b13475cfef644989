import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/domain/json.ts';
import { completed, define, failed, given, start, undone, type Given } from '../../spec/execution.ts';
import { waiting } from './blocks.ts';

const nested = (params: string, more = '') =>
  define(`
workflow: nested
variables: { rounds: 0 }
activities:
  - name: each_order
    foreach:
      items: "\${input}"
      item: order
      concurrency: 2
      steps:
        - name: each_line
          foreach:
            items: "\${order.lines}"
            item: line
            index: place
            concurrency: 2
            steps: [{ name: book, input: { order: "\${order.id}", line: "\${line}" } }]
  ${more}
  - name: last
error_handling: { workflow_error: { strategy: compensate } }
compensation: {}
compensation_activities: { book: { activity: cancel, params: ${params} } }
`);

const orders = [
  { id: 'a', lines: ['x', 'y'] },
  { id: 'b', lines: ['z'] },
];

/** Has every call of a step return, until none is under way. */
const finish = (definition: ReturnType<typeof define>, run: Given, step: string, attempts = 1): Given => {
  let next = run;
  for (;;) {
    const call = waiting(definition, next).find((one) => one.startsWith('attempt') && one.endsWith(step));
    if (call === undefined) return next;
    const path = call.slice('attempt '.length);
    next = next.after(completed(path, attempts, path));
  }
};

/** What each undoing is given, in the order in which they are made. */
const undoings = (run: Given): readonly (readonly [string, Json | undefined])[] => {
  const made: (readonly [string, Json | undefined])[] = [];
  let { events } = run.when(failed('last'));
  let next = run.after(failed('last'));
  for (;;) {
    const begun = events.find(({ type }) => type === 'step.compensating');
    if (begun?.type !== 'step.compensating') return made;
    const { step, attempt } = begun.facts;
    made.push([step, begun.payload?.input]);
    ({ events } = next.when(undone(step, attempt)));
    next = next.after(undone(step, attempt));
  }
};

describe('a loop in a loop', () => {
  test('is undone with the items that each of its turns was about', () => {
    const definition = nested('{ order: "${order.id}", line: "${line}", at: "${place}", index: "${index}" }');
    const run = finish(definition, given(definition).after(start({ input: orders })), 'book');
    expect(undoings(run)).toEqual([
      ['each_order[1].each_line[0].book', { order: 'b', line: 'z', at: 0, index: 0 }],
      ['each_order[0].each_line[1].book', { order: 'a', line: 'y', at: 1, index: 1 }],
      ['each_order[0].each_line[0].book', { order: 'a', line: 'x', at: 0, index: 0 }],
    ]);
  });

  test('that the run comes to again is undone visit by visit', () => {
    const again =
      '- { name: again, when: "${workflow.rounds == 0}", set: { variables: { rounds: 1 } }, next: each_order }';
    const definition = nested('{ line: "${line}", index: "${index}", was: "${output}" }', again);
    const first = finish(definition, given(definition).after(start({ input: orders })), 'book');
    const second = finish(definition, first, 'book');
    expect(undoings(second)).toEqual(
      [
        ['each_order[3].each_line[0].book', 'z', 0],
        ['each_order[2].each_line[1].book', 'y', 1],
        ['each_order[2].each_line[0].book', 'x', 0],
        ['each_order[1].each_line[0].book', 'z', 0],
        ['each_order[0].each_line[1].book', 'y', 1],
        ['each_order[0].each_line[0].book', 'x', 0],
      ].map(([path, line, index]) => [path, { line, index, was: path }]),
    );
  });

  test('that is undone in the middle of a turn has the items of what is under way too', () => {
    const definition = define(`
workflow: nested
activities:
  - name: each
    foreach:
      items: "\${input}"
      item: order
      steps:
        - name: lines
          foreach: { items: "\${order}", item: line, steps: [{ name: book }] }
        - name: check
error_handling: { workflow_error: { strategy: compensate } }
compensation: {}
compensation_activities: { book: { activity: cancel, params: { order: "\${order}", line: "\${line}" } } }
`);
    const run = given(definition)
      .after(start({ input: [['x']] }))
      .after(completed('each[0].lines[0].book'));
    const { events } = run.when(failed('each[0].check'));
    expect(events.at(-1)).toMatchObject({
      type: 'step.compensating',
      payload: { input: { order: ['x'], line: 'x' } },
    });
  });
});
