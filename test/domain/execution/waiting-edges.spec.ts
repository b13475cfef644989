import { describe, expect, test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { completed, define, given, start } from '../../spec/execution.ts';

const go = (payload: string | { a: number } | null): ExecutionCommand => ({
  type: 'signal',
  signal: 'go',
  payload,
});
const waiting = (wait: string, more = '') =>
  define(`workflow: waits\nactivities:\n  - name: rest\n    wait: ${wait}\n${more}`);

describe('how long a step waits', () => {
  test.for([
    ['30s', 30_000],
    ['PT1M30S', 90_000],
    ['0s', 0],
    ['2d', 172_800_000],
  ] as const)('may be said by an expression: %s', ([input, duration]) => {
    given(waiting('{ for: "${input}" }'))
      .when(start({ input }), { now: 7 })
      .thenEvents({}, {}, { type: 'timer.scheduled', facts: { dueAt: 7 + duration, purpose: 'wait' } });
  });

  test.for([
    ['soon', '"soon"'],
    [30, '30'],
    [null, 'null'],
  ] as const)('has to be a duration: not %j', ([input, found]) => {
    given(waiting('{ for: "${input}" }'))
      .when(start({ input }))
      .thenEvents(
        { type: 'execution.started' },
        {
          type: 'step.failed',
          facts: { step: 'rest', attempt: 0, errorType: 'ExpressionError' },
          payload: {
            error: {
              message: `Expected a duration such as "30s" or "PT30S", but found ${found}.`,
              details: { expression: '"${input}"' },
            },
          },
        },
        { type: 'execution.failed' },
      );
  });

  test('until a time that has passed is over with its timer, which is due at once', () => {
    given(waiting('{ until: "${input}" }'))
      .after(start({ input: '1970-01-01T00:00:01Z' }), { now: 60_000 })
      .when({ type: 'fire_timer', step: 'rest', dueAt: 1_000 }, { now: 60_000 })
      .thenEvents(
        { type: 'timer.fired', facts: { dueAt: 1_000, purpose: 'wait' } },
        { type: 'step.completed', facts: { duration: 0 }, payload: { output: null } },
        { type: 'execution.completed' },
      );
  });

  test('until what is no time fails the step, with what was found', () => {
    given(waiting('{ until: "${input}" }'))
      .when(start({ input: 5 }))
      .thenEvents(
        {},
        {
          payload: { error: { message: 'Expected a time such as "2026-01-31T09:00:00Z", but found 5.' } },
        },
        {},
      );
  });
});

describe('a signal that a step waits for', () => {
  const LENIENT = `    output: { a: "\${output.a}" }
  - name: again
    wait: { signal: go }
error_handling: { workflow_error: { strategy: continue } }
`;

  test('and that it cannot use fails the step, and is used up', () => {
    const lenient = waiting('{ signal: go }', LENIENT);
    given(lenient)
      .after(start())
      .when(go(null))
      .thenEvents(
        { type: 'signal.received', facts: { step: 'rest' } },
        { type: 'step.failed', facts: { step: 'rest', errorType: 'ExpressionError', handled: 'continue' } },
        { type: 'step.started', facts: { step: 'again' } },
        { type: 'signal.awaited', facts: { step: 'again' } },
      );
  });

  test('is used up also when it came before: the next step waits for another', () => {
    const prepared = define(`
workflow: prepared
activities:
  - name: prepare
  - name: rest
    wait: { signal: go }
${LENIENT}`);
    const early = given(prepared).after(start()).after(go(null));
    early
      .when(completed('prepare'))
      .thenTypes(
        'step.completed',
        'step.started',
        'signal.awaited',
        'step.failed',
        'step.started',
        'signal.awaited',
      );
    const both = given(prepared)
      .after(start())
      .after(go(null))
      .after(go({ a: 1 }))
      .after(completed('prepare'));
    expect(both.state).toMatchObject({
      status: 'completed',
      signals: { go: [] },
      steps: { rest: { status: 'failed' }, again: { status: 'completed', output: { a: 1 } } },
    });
  });

  test('and that times out leaves the run to go on, where errors do not matter', () => {
    const lenient = waiting('{ signal: go, timeout: 1h }', LENIENT);
    const timedOut = given(lenient)
      .after(start())
      .after({ type: 'fire_timer', step: 'rest', dueAt: 3_600_000 }, { now: 3_600_000 });
    expect(timedOut.state).toMatchObject({
      branches: { '': { settled: 1 } },
      signals: {},
      steps: { again: { signal: 'go' } },
    });
    expect(Object.keys(timedOut.state.signals)).toEqual([]);
    timedOut.when(go('late')).thenTypes('signal.received', 'step.completed', 'execution.completed');
  });

  test('behind a guard that is false is not waited for', () => {
    given(waiting('{ signal: go }', '    when: "${input}"\n'))
      .when(start({ input: false }))
      .thenTypes('execution.started', 'step.skipped', 'execution.completed');
  });
});
