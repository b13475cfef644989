import { describe, expect, test } from 'vitest';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { attemptInput } from '../../../src/domain/execution/pending.ts';
import { completed, define, failed, given, lastOf, start, undone } from '../../spec/execution.ts';

const inputOf = (events: readonly ExecutionEvent[]) => {
  const last = events.at(-1);
  return last?.type === 'step.started' || last?.type === 'step.compensating'
    ? last.payload?.input
    : undefined;
};

/** A definition whose second step is given what these expressions give. */
const asking = (expressions: string, more = '') =>
  define(`
workflow: asking
variables: { a: 1 }
activities:
  - name: first
    output: { b: "\${output.b}" }
    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }
  - name: skipped
    when: "\${false}"
  - name: second
    input: ${expressions}
${more}`);

describe('what the expressions of a step see', () => {
  test('is the execution: its id, its workflow and when it was started', () => {
    const definition = asking(
      '{ id: "${workflow.id}", name: "${workflow.name}", at: "${workflow.started_at}" }',
    );
    const { events } = given(definition)
      .after(start(), { now: Date.UTC(2026, 0, 31, 9) })
      .when(completed('first', 1, { b: 2 }), { now: Date.UTC(2026, 0, 31, 10) });
    expect(inputOf(events)).toEqual({ id: 'an-execution', name: 'asking', at: '2026-01-31T09:00:00.000Z' });
  });

  test('is its input, its event and its variables as they are now', () => {
    const definition = asking('{ i: "${input}", e: "${event.x}", a: "${workflow.a}", b: "${workflow.b}" }');
    const { events } = given(definition)
      .after(start({ input: [1], event: { x: 'y' } }))
      .when(completed('first', 1, { b: { deep: true } }));
    expect(inputOf(events)).toEqual({ i: [1], e: 'y', a: 1, b: { deep: true } });
  });

  test('is the steps before it: what they gave, how they ended, how often they were tried', () => {
    const definition = asking(
      '{ o: "${steps.first.output}", s: "${steps.first.status}", n: "${steps.first.attempts}", k: "${steps.skipped.status}" }',
    );
    const { events } = given(definition)
      .after(start())
      .after(failed('first'))
      .after({ type: 'fire_timer', step: 'first', dueAt: 1_000 }, { now: 1_000 })
      .when(completed('first', 2, { b: 2 }));
    expect(inputOf(events)).toEqual({ o: { b: 2 }, s: 'completed', n: 2, k: 'skipped' });
  });

  test('is what was undone, its output and the error, in what undoes it', () => {
    const definition = asking(
      '{ a: 1 }',
      `compensation: {}
compensation_activities:
  first:
    activity: undo
    params: { o: "\${output}", t: "\${error.type}", m: "\${error.message}", d: "\${error.details}", b: "\${workflow.b}" }
error_handling: { workflow_error: { strategy: compensate } }
`,
    );
    const failing = given(definition)
      .after(start())
      .after(completed('first', 1, { b: 2 }));
    const { events } = failing.when(failed('second', 1, 'Declined'));
    expect(inputOf(events)).toEqual({ o: { b: 2 }, t: 'Declined', m: 'no', d: null, b: 2 });
    const detailed = failing.when({
      type: 'fail_attempt',
      step: 'second',
      attempt: 1,
      compensation: false,
      error: { type: 'Declined', message: 'no', details: { code: 51 } },
      retry: 'never',
    });
    expect(inputOf(detailed.events)).toMatchObject({ d: { code: 51 } });
  });
});

describe('what an attempt is called with', () => {
  const plain = define('workflow: plain\nvariables: { a: 1 }\nactivities:\n  - name: only\n');

  test('is all variables when the step says nothing', () => {
    const { state, events } = given(plain).when(start());
    expect(events.at(-1)).not.toHaveProperty('payload');
    expect(attemptInput(state, lastOf(events))).toEqual({ a: 1 });
  });

  test('is what its event recorded, the latest of them', () => {
    const definition = define(`
workflow: two
activities:
  - name: one
    input: { n: 1 }
  - name: two
    input: { n: 2 }
`);
    const first = given(definition).when(start());
    expect(attemptInput(first.state, lastOf(first.events))).toEqual({ n: 1 });
    const second = given(definition).after(start()).when(completed('one'));
    expect(attemptInput(second.state, lastOf(second.events))).toEqual({ n: 2 });
  });

  test('is all variables in what undoes a step and says nothing', () => {
    const definition = define(`
workflow: undone
variables: { a: 1 }
activities: [{ name: book }, { name: pay }]
compensation: {}
compensation_activities: { book: { activity: cancel } }
error_handling: { workflow_error: { strategy: compensate } }
`);
    const { state, events } = given(definition).after(start()).after(completed('book')).when(failed('pay'));
    expect(events.at(-1)).toMatchObject({ type: 'step.compensating', facts: { activity: 'cancel' } });
    expect(attemptInput(state, lastOf(events))).toEqual({ a: 1 });
  });

  test('is the variables and the error in a fallback of a step that says nothing', () => {
    const definition = define(`
workflow: falling
variables: { a: 1 }
activities:
  - name: only
    fallback: { activity: by_hand }
`);
    const { events } = given(definition)
      .after(start())
      .when(failed('only', 1, 'Busy'));
    expect(inputOf(events)).toEqual({
      input: { a: 1 },
      error: { type: 'Busy', message: 'no', details: null },
    });
  });
});

test('a step that was undone is not undone again by a result that comes late', () => {
  const definition = define(`
workflow: once
activities: [{ name: book }, { name: pay }]
compensation: {}
compensation_activities: { book: { activity: cancel } }
error_handling: { workflow_error: { strategy: compensate } }
`);
  const ended = given(definition)
    .after(start())
    .after(completed('book'))
    .after(failed('pay'))
    .after(undone('book'));
  expect(ended.state.status).toBe('compensated');
  ended.when(undone('book')).thenNothing();
});
