import { describe, expect, test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { completed, define, given, start } from '../../spec/execution.ts';

const signal = (name: string, payload: string | null = null): ExecutionCommand => ({
  type: 'signal',
  signal: name,
  payload,
});

describe('waiting for time', () => {
  const pausing = define(`
workflow: pausing
activities:
  - name: pause
    wait: { for: 10s }
  - name: wake
`);

  test('schedules a timer', () => {
    given(pausing)
      .when(start(), { now: 5 })
      .thenEvents(
        {},
        { type: 'step.started', facts: { step: 'pause' } },
        { type: 'timer.scheduled', facts: { dueAt: 10_005, purpose: 'wait' } },
      );
  });

  test('the timer completes the step', () => {
    given(pausing)
      .after(start())
      .when({ type: 'fire_timer', step: 'pause', dueAt: 10_000 }, { now: 10_000 })
      .thenEvents(
        { type: 'timer.fired', facts: { dueAt: 10_000 } },
        { type: 'step.completed', facts: { step: 'pause', duration: 10_000 } },
        { type: 'step.started', facts: { step: 'wake' } },
      );
  });

  test('until a time that an expression gives', () => {
    const until = define(`
workflow: until_then
activities:
  - name: pause
    wait: { until: "\${input.at}" }
`);
    given(until)
      .when(start({ input: { at: '1970-01-01T00:01:00Z' } }))
      .thenEvents({}, {}, { type: 'timer.scheduled', facts: { dueAt: 60_000 } });
    given(until)
      .when(start({ input: { at: 'tomorrow' } }))
      .thenEvents(
        {},
        { type: 'step.failed', facts: { errorType: 'ExpressionError' } },
        { type: 'execution.failed' },
      );
  });
});

describe('waiting for a signal', () => {
  const approving = define(`
workflow: approving
activities:
  - name: decision
    wait: { signal: approved, timeout: 1h }
    output: { by: "\${output}" }
  - name: act
`);

  test('waits with a time-out', () => {
    given(approving)
      .when(start())
      .thenEvents(
        {},
        {},
        { type: 'signal.awaited', facts: { signal: 'approved' } },
        { type: 'timer.scheduled', facts: { dueAt: 3_600_000, purpose: 'timeout' } },
      );
  });

  test('the signal completes the step with its payload', () => {
    given(approving)
      .after(start())
      .when(signal('approved', 'eve'))
      .thenEvents(
        { type: 'signal.received', facts: { signal: 'approved', step: 'decision' } },
        { type: 'step.completed', payload: { output: 'eve', variables: { by: 'eve' } } },
        { type: 'step.started', facts: { step: 'act' } },
      );
  });

  test('another signal is kept and does not wake it', () => {
    const waiting = given(approving).after(start());
    waiting
      .when(signal('denied'))
      .thenEvents({ type: 'signal.received', facts: { signal: 'denied', step: '' } });
    expect(waiting.after(signal('denied', 'x')).state.signals).toEqual({ denied: ['x'] });
  });

  test('the time-out fails the step', () => {
    given(approving)
      .after(start())
      .when({ type: 'fire_timer', step: 'decision', dueAt: 3_600_000 })
      .thenEvents(
        { type: 'timer.fired', facts: { purpose: 'timeout' } },
        { type: 'step.failed', facts: { errorType: 'Timeout' } },
        {},
      );
  });

  test('a signal after the wait is over is kept', () => {
    given(approving)
      .after(start())
      .after(signal('approved', 'eve'))
      .when(signal('approved', 'bob'))
      .thenEvents({ facts: { step: '' } });
  });

  test('signals that came early are taken in order, each once', () => {
    const two = define(`
workflow: twice
activities:
  - name: prepare
  - name: one
    wait: { signal: go }
  - name: two
    wait: { signal: go }
  - name: three
    wait: { signal: constructor }
`);
    const early = given(two).after(start()).after(signal('go', 'a')).after(signal('go', 'b'));
    early
      .when(completed('prepare'))
      .thenEvents(
        { type: 'step.completed', facts: { step: 'prepare' } },
        { type: 'step.started', facts: { step: 'one' } },
        { type: 'signal.awaited' },
        { type: 'step.completed', facts: { step: 'one' }, payload: { output: 'a' } },
        { type: 'step.started', facts: { step: 'two' } },
        { type: 'signal.awaited' },
        { type: 'step.completed', facts: { step: 'two' }, payload: { output: 'b' } },
        { type: 'step.started', facts: { step: 'three' } },
        { type: 'signal.awaited' },
      );
  });
});

describe('signals and cancels from outside', () => {
  const one = define('workflow: one\nactivities:\n  - name: only');

  test('cancel ends the run at once', () => {
    given(one)
      .after(start(), { now: 1 })
      .when({ type: 'cancel', reason: 'mistake' }, { now: 11 })
      .thenEvents({
        type: 'execution.cancelled',
        facts: { from: 'running', duration: 10 },
        payload: { reason: 'mistake' },
      });
  });

  test('a result that comes after the cancel changes nothing', () => {
    given(one).after(start()).after({ type: 'cancel', reason: '' }).when(completed('only')).thenNothing();
  });

  test('what has ended takes neither', () => {
    const ended = given(one).after(start()).after(completed('only'));
    ended.whenRefused({ type: 'cancel', reason: '' }, 'EXECUTION_ENDED');
    ended.whenRefused(signal('go'), 'EXECUTION_ENDED');
  });

  test('what never began takes neither', () => {
    given(one).whenRefused({ type: 'cancel', reason: '' }, 'EXECUTION_NOT_FOUND');
    given(one).whenRefused(signal('go'), 'EXECUTION_NOT_FOUND');
  });
});
