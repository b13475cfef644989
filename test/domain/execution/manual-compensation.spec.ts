import { describe, expect, test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { completed, define, failed, given, notUndone, start, undone } from '../../spec/execution.ts';

const compensate: ExecutionCommand = { type: 'compensate', reason: 'it cannot be mended' };
const retry: ExecutionCommand = { type: 'retry', reason: 'mended' };

const trip = (compensation: string, strategy = 'compensate') =>
  define(`
workflow: trip
activities: [{ name: book }, { name: rent }, { name: pay }]
compensation: ${compensation}
compensation_activities:
  book: { activity: give_back, params: { why: "\${error.type}", of: "\${steps.pay.status}" } }
  rent: { activity: bring_back }
error_handling: { workflow_error: { strategy: ${strategy} } }
`);

const manual = trip('{ mode: manual, activities: [{ name: tell }] }');
const failing = (definition = manual) =>
  given(definition).after(start()).after(completed('book')).after(completed('rent')).after(failed('pay'));

describe('a run whose compensation is started by hand', () => {
  test('fails, and says what is to be undone', () => {
    given(manual)
      .after(start())
      .after(completed('book'))
      .after(completed('rent'))
      .when(failed('pay'))
      .thenEvents(
        { type: 'step.failed', facts: { step: 'pay', handled: 'stop' } },
        {
          type: 'execution.failed',
          facts: {
            step: 'pay',
            from: 'running',
            uncompensated: ['rent', 'book', 'tell'],
            awaits: 'compensation',
          },
        },
      );
    expect(failing().state).toMatchObject({ status: 'failed' });
  });

  test('awaits nothing when nothing was done that could be undone', () => {
    const { events } = given(trip('{ mode: manual }')).after(start()).when(failed('book'));
    expect(events.at(-1)).toMatchObject({ type: 'execution.failed', facts: { uncompensated: [] } });
    expect(events.at(-1)?.facts).not.toHaveProperty('awaits');
  });

  test('is undone when an operator says so, by whom and why in its history', () => {
    failing()
      .when(compensate)
      .thenEvents(
        {
          type: 'execution.retried',
          facts: { step: 'pay', blocks: [], compensates: true },
          payload: { reason: 'it cannot be mended' },
        },
        { type: 'saga.compensating', facts: { step: 'pay', steps: ['rent', 'book', 'tell'] } },
        { type: 'step.compensating', facts: { step: 'rent', activity: 'bring_back', attempt: 1 } },
      );
    failing()
      .after(compensate)
      .when(undone('rent'))
      .thenEvents(
        { type: 'step.compensated' },
        {
          type: 'step.compensating',
          facts: { step: 'book' },
          payload: { input: { why: 'Error', of: 'failed' } },
        },
      );
    failing()
      .after(compensate)
      .after(undone('rent'))
      .after(undone('book'))
      .when(undone('tell'))
      .thenTypes('step.compensated', 'saga.compensated');
  });

  test('goes on forward instead when it is retried, and awaits it again when it fails again', () => {
    failing().when(retry).thenTypes('execution.retried', 'step.started');
    failing()
      .after(retry)
      .when(failed('pay', 2))
      .thenEvents({}, { type: 'execution.failed', facts: { awaits: 'compensation' } });
    failing().after(retry).when(completed('pay', 2)).thenTypes('step.completed', 'execution.completed');
  });

  test('has what is left undone again, by either command', () => {
    const left = failing()
      .after(compensate)
      .after(notUndone('rent'))
      .after(undone('book'))
      .after(undone('tell'));
    expect(left.state).toMatchObject({ status: 'failed', compensation: { failed: ['rent'] } });
    for (const again of [compensate, retry])
      left
        .when(again)
        .thenEvents(
          { type: 'execution.retried', facts: { compensates: true } },
          { type: 'saga.compensating', facts: { steps: ['rent'] } },
          { type: 'step.compensating', facts: { step: 'rent', attempt: 2 } },
        );
  });

  test('is undone at once when it is cancelled so', () => {
    given(manual)
      .after(start())
      .after(completed('book'))
      .after(completed('rent'))
      .when({ type: 'cancel', reason: '', compensate: true })
      .thenTypes('step.cancelled', 'saga.compensating', 'step.compensating');
  });

  test('fails only when it is resumed, when its step failed during a pause', () => {
    const paused = given(manual)
      .after(start())
      .after(completed('book'))
      .after({ type: 'pause', reason: '' })
      .after(failed('rent'));
    expect(paused.state.status).toBe('paused');
    paused
      .when({ type: 'resume', reason: '' })
      .thenEvents(
        { type: 'execution.resumed' },
        { type: 'execution.failed', facts: { awaits: 'compensation', uncompensated: ['book', 'tell'] } },
      );
  });
});

describe('a run that stops at its failure', () => {
  const stopped = trip('{}', 'stop');

  test('awaits nothing, and can be undone all the same', () => {
    expect(failing(stopped).state).toMatchObject({ status: 'failed' });
    failing(stopped)
      .when(compensate)
      .thenEvents({}, { type: 'saga.compensating', facts: { steps: ['rent', 'book'] } }, {});
  });

  test('is not, when there is nothing to undo', () => {
    given(stopped).after(start()).after(failed('book')).whenRefused(compensate, 'NOTHING_TO_COMPENSATE');
    const unknown = define('workflow: a\nvariables: { x: "${input.x}" }\nactivities: [{ name: book }]\n');
    given(unknown).after(start()).whenRefused(compensate, 'NOTHING_TO_COMPENSATE');
  });
});

describe('an undoing in a block that failed', () => {
  const loop = define(`
workflow: loop
activities:
  - name: each
    foreach: { items: "\${['a', 'b']}", concurrency: 1, steps: [{ name: take }, { name: check }] }
compensation: { mode: manual }
compensation_activities: { take: { activity: put_back, params: { what: "\${item}" } } }
error_handling: { workflow_error: { strategy: compensate } }
`);

  test('knows the turns that were under way, and those before them', () => {
    const over = given(loop)
      .after(start())
      .after(completed('each[0].take'))
      .after(completed('each[0].check'))
      .after(completed('each[1].take'))
      .after(failed('each[1].check'));
    over
      .when(compensate)
      .thenEvents(
        { type: 'execution.retried' },
        { type: 'saga.compensating', facts: { steps: ['each[1].take', 'each[0].take'] } },
        { type: 'step.compensating', payload: { input: { what: 'b' } } },
      );
    over
      .after(compensate)
      .when(undone('each[1].take'))
      .thenEvents({}, { type: 'step.compensating', payload: { input: { what: 'a' } } });
  });
});
