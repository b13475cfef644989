import { describe, expect, test } from 'vitest';
import { completed, define, failed, given, start } from '../../spec/execution.ts';

const LIMIT = { maxPayload: 1_000 };
const long = 'x'.repeat(800);
const tooLarge = (size: number) => ({
  type: 'PayloadTooLarge',
  message: `Expected a payload of at most 1000 bytes, but it has ${size}.`,
  details: { size, limit: 1_000 },
});

describe('what a step puts into an event', () => {
  const yaml = (input: string) => `
workflow: large
activities:
  - name: work
    input: ${input}
`;

  test('may be as large as the limit, what is around it included', () => {
    const fits = define(yaml('"${input}"'));
    given(fits)
      .when(start({ input: 'x'.repeat(934) }), LIMIT)
      .thenTypes('execution.started', 'step.started');
  });

  test('fails the step when it is larger, with how large it is', () => {
    const twice = define(yaml('"${input + input}"'));
    given(twice)
      .when(start({ input: 'é'.repeat(400) }), LIMIT)
      .thenEvents(
        { type: 'execution.started' },
        {
          type: 'step.failed',
          facts: { step: 'work', attempt: 0, duration: 0, errorType: 'PayloadTooLarge', handled: 'stop' },
          payload: { error: tooLarge(1_666) },
        },
        { type: 'execution.failed', facts: { step: 'work', errorType: 'PayloadTooLarge' } },
      );
  });

  test('is not measured without a limit', () => {
    const twice = define(yaml('"${input + input}"'));
    given(twice)
      .when(start({ input: 'x'.repeat(100_000) }))
      .thenTypes('execution.started', 'step.started');
  });

  test('fails the step whose output and variables it is together', () => {
    const mapping = define(
      'workflow: mapping\nactivities:\n  - name: work\n    output: { copy: "${output}" }\n',
    );
    given(mapping)
      .after(start())
      .when(completed('work', 1, 'x'.repeat(500)), { ...LIMIT, now: 7 })
      .thenEvents(
        { type: 'step.failed', facts: { attempt: 1, duration: 7, errorType: 'PayloadTooLarge' } },
        { type: 'execution.failed' },
      );
  });

  test('fails a set step, and the run goes on where errors do not matter', () => {
    const lenient = define(`
workflow: lenient
activities:
  - name: note
    set: { variables: { twice: "\${input + input}" } }
  - name: work
error_handling: { workflow_error: { strategy: continue } }
`);
    const { state } = given(lenient).when(start({ input: long }), LIMIT);
    expect(state).toMatchObject({
      variables: {},
      branches: { '': { settled: 1 } },
      steps: { note: { status: 'failed' } },
    });
  });

  test('of a fallback is its input and the error: together they may be too large', () => {
    const falling = define(`${yaml('"${input}"')}    fallback: { activity: by_hand }\n`);
    given(falling)
      .after(start({ input: 'x'.repeat(900) }))
      .when(failed('work'), LIMIT)
      .thenEvents(
        { type: 'step.failed', facts: { handled: 'activity', errorType: 'Error' } },
        { type: 'step.failed', facts: { handled: 'stop', errorType: 'PayloadTooLarge' } },
        { type: 'execution.failed' },
      );
  });
});

describe('the variables of an execution', () => {
  const copying = define(`
workflow: copying
variables: { a: "\${event}", b: "\${input}" }
activities: [{ name: work }]
`);

  test('that do not fit fail it before its first step, and are left out', () => {
    given(copying)
      .when(start({ event: long }), LIMIT)
      .thenEvents(
        { type: 'execution.started', payload: { input: null, event: long, variables: {} } },
        {
          type: 'execution.failed',
          facts: { step: '', errorType: 'PayloadTooLarge', from: 'running', uncompensated: [] },
          payload: { error: tooLarge(1_655) },
        },
      );
  });

  test('may take all that an event may hold, and not a byte more', () => {
    const around = JSON.stringify({ input: '', event: null, variables: { a: null, b: '' } }).length;
    const fill = (bytes: number) => ({ input: 'x'.repeat(bytes / 2) });
    given(copying)
      .when(start(fill(1_000 - around)), LIMIT)
      .thenTypes('execution.started', 'step.started');
    given(copying)
      .when(start(fill(1_002 - around)), LIMIT)
      .thenTypes('execution.started', 'execution.failed');
  });

  test('that fit are there', () => {
    const { state } = given(copying).when(start({ event: 'x', input: 'y' }), LIMIT);
    expect(state).toMatchObject({ status: 'running', variables: { a: 'x', b: 'y' } });
  });
});
