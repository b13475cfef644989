import { describe, expect, test } from 'vitest';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';

const CLOSING = define(`
workflow: closing
activities:
  - name: tell
    emit: { event: "ticket:closed", payload: { id: "\${input.id}" } }
    output: { event: "\${output.eventId}" }
  - name: act
`);

describe('a step that emits an event', () => {
  const input = { id: 'T-1' };

  test('says what it emits before it does, which the engine itself then does', () => {
    const begun = given(CLOSING).when(start({ input }));
    begun.thenEvents(
      {},
      {
        type: 'step.started',
        facts: { step: 'tell', activity: 'emit', attempt: 1, fallback: false },
        payload: { input: { id: 'T-1' } },
      },
    );
    expect(pendingOf(CLOSING, begun.state)).toMatchObject([
      { kind: 'attempt', step: 'tell', provided: 'emit', visit: 1 },
    ]);
  });

  test('completes with what came of it', () => {
    const output = { eventId: 'an-event', executions: [] };
    given(CLOSING)
      .after(start({ input }))
      .when(completed('tell', 1, output))
      .thenEvents(
        { type: 'step.completed', payload: { output, variables: { event: 'an-event' } } },
        { type: 'step.started', facts: { step: 'act' } },
      );
  });

  test('waits where the engine may begin nothing, and goes on where it may', () => {
    const queued = given(CLOSING).when(start({ input }), { takes: false });
    queued.thenEvents({}, { type: 'step.queued', facts: { step: 'tell', activity: 'emit', attempt: 1 } });
    expect(pendingOf(CLOSING, queued.state)).toEqual([
      { kind: 'activity', step: 'tell', activity: 'emit', provided: 'emit' },
    ]);
    const waiting = given(CLOSING).after(start({ input }), { takes: false });
    waiting.when({ type: 'go_on' }, { takes: false }).thenNothing();
    waiting.when({ type: 'go_on' }).thenTypes('step.started');
  });

  test('has a fallback, which is an activity like any other', () => {
    const lenient = define(`
workflow: lenient
activities:
  - name: tell
    emit: { event: told }
    fallback: { activity: emit }
`);
    const answered = given(lenient)
      .after(start())
      .when(failed('tell', 1, 'PayloadTooLarge'));
    answered.thenTypes('step.failed', 'step.started');
    const [waits] = pendingOf(lenient, answered.state);
    expect(waits).toEqual({
      kind: 'attempt',
      step: 'tell',
      activity: 'emit',
      attempt: 2,
      visit: 1,
      compensation: false,
    });
  });

  test('fails with a payload that cannot be evaluated, or is too large', () => {
    given(CLOSING)
      .when(start({ input: {} }))
      .thenEvents({}, { type: 'step.failed', facts: { errorType: 'ExpressionError' } }, {});
    given(CLOSING)
      .when(start({ input: { id: 'x'.repeat(500) } }), { maxPayload: 400 })
      .thenTypes('execution.started', 'execution.failed');
  });
});
