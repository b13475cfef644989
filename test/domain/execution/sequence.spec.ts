import { describe, expect, test } from 'vitest';
import { completed, define, given, start } from '../../spec/execution.ts';

const three = define(`
workflow: three
variables: { ticket: "\${event.id}" }
activities:
  - name: notify
  - name: assign
    input: { ticket: "\${workflow.ticket}" }
    output: { agent: "\${output.agent_id}" }
  - name: close
    activity: set_sla
`);

describe('a sequence of activities', () => {
  test('starts with the first step in the same append', () => {
    given(three)
      .when(start({ event: { id: 'T-1' } }), { now: 5 })
      .thenEvents(
        {
          type: 'execution.started',
          facts: { workflow: 'three', definition: three.hash, trigger: 'manual' },
          payload: { event: { id: 'T-1' }, variables: { ticket: 'T-1' } },
        },
        { type: 'step.started', facts: { step: 'notify', activity: 'notify', attempt: 1, fallback: false } },
      );
  });

  test('is started once', () => {
    given(three)
      .after(start({ event: { id: 'T-1' } }))
      .when(start({ event: { id: 'T-1' } }))
      .thenNothing();
  });

  test('a completed step and the start of the next are one append', () => {
    given(three)
      .after(start({ event: { id: 'T-1' } }))
      .when(completed('notify', 1, 'sent'), { now: 30 })
      .thenEvents(
        {
          type: 'step.completed',
          facts: { step: 'notify', attempt: 1, duration: 30 },
          payload: { output: 'sent' },
        },
        { type: 'step.started', facts: { step: 'assign' }, payload: { input: { ticket: 'T-1' } } },
      );
  });

  test('an output sets variables', () => {
    const { state, events } = given(three)
      .after(start({ event: { id: 'T-1' } }))
      .after(completed('notify'))
      .when(completed('assign', 1, { agent_id: 'A-7' }));
    expect(events[0]).toMatchObject({ type: 'step.completed', payload: { variables: { agent: 'A-7' } } });
    expect(events[1]).toMatchObject({ facts: { step: 'close', activity: 'set_sla' } });
    expect(state.variables).toEqual({ ticket: 'T-1', agent: 'A-7' });
  });

  test('ends with its last step, in one append', () => {
    given(three)
      .after(start({ event: { id: 'T-1' } }), { now: 100 })
      .after(completed('notify'), { now: 110 })
      .after(completed('assign', 1, { agent_id: 'A-7' }), { now: 120 })
      .when(completed('close'), { now: 250 })
      .thenEvents(
        { type: 'step.completed', facts: { step: 'close', duration: 130 } },
        { type: 'execution.completed', facts: { startedAt: 100, duration: 150, from: 'running' } },
      );
  });

  test('a result of an attempt that is not under way changes nothing', () => {
    const running = given(three).after(start({ event: { id: 'T-1' } }));
    running.when(completed('notify', 2)).thenNothing();
    running.when(completed('assign')).thenNothing();
    running.after(completed('notify')).when(completed('notify')).thenNothing();
  });

  test('a variable that cannot be had fails the run with the expression', () => {
    given(three)
      .when(start({ event: {} }))
      .thenEvents(
        { type: 'execution.started', payload: { variables: {} } },
        { type: 'execution.failed', facts: { step: '', errorType: 'ExpressionError' } },
      );
  });

  test('an output that lacks what is mapped fails the step', () => {
    given(three)
      .after(start({ event: { id: 'T-1' } }))
      .after(completed('notify'))
      .when(completed('assign', 1, {}))
      .thenEvents(
        { type: 'step.failed', facts: { step: 'assign', errorType: 'ExpressionError', handled: 'stop' } },
        { type: 'execution.failed', facts: { step: 'assign', errorType: 'ExpressionError' } },
      );
  });
});

describe('a guard', () => {
  const guarded = define(`
workflow: guarded
activities:
  - name: page
    when: "\${input.priority == 'high'}"
  - name: file
`);

  test('that is false skips the step', () => {
    given(guarded)
      .when(start({ input: { priority: 'low' } }))
      .thenTypes('execution.started', 'step.skipped', 'step.started');
  });

  test('that is true lets it run', () => {
    given(guarded)
      .when(start({ input: { priority: 'high' } }))
      .thenEvents({}, { type: 'step.started', facts: { step: 'page' } });
  });

  test('that cannot be evaluated fails the step', () => {
    given(guarded)
      .when(start({ input: {} }))
      .thenEvents(
        {},
        { type: 'step.failed', facts: { step: 'page', attempt: 0 } },
        { type: 'execution.failed' },
      );
  });
});

describe('a set step', () => {
  const setting = define(`
workflow: setting
variables: { total: 2 }
activities:
  - name: add
    set: { variables: { total: "\${workflow.total + 1}", before: "\${workflow.total}" } }
  - name: report
`);

  test('sets variables from those before it, and goes on', () => {
    given(setting)
      .when(start())
      .thenEvents(
        { type: 'execution.started' },
        {
          type: 'variables.set',
          facts: { step: 'add', names: ['before', 'total'] },
          payload: { variables: { total: 3, before: 2 } },
        },
        { type: 'step.started', facts: { step: 'report' } },
      );
  });
});

describe('an activity that nobody serves', () => {
  test('queues the step, says so once, and starts it when somebody does', () => {
    const unserved = { unserved: ['notify'] };
    const queued = given(three).after(start({ event: { id: 'T-1' } }), unserved);
    expect(queued.state.steps).toMatchObject({ notify: { status: 'queued' } });
    queued.when({ type: 'go_on' }, unserved).thenNothing();
    queued
      .when({ type: 'go_on' })
      .thenEvents({ type: 'step.started', facts: { step: 'notify', attempt: 1 } });
  });
});
