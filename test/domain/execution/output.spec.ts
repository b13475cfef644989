import { describe, expect, test } from 'vitest';
import { outputOf } from '../../../src/domain/execution/state.ts';
import { completed, define, given, start, undone } from '../../spec/execution.ts';

const shop = (output: string, more = '') =>
  define(`
workflow: shop
variables: { total: 3 }
activities:
  - name: pay
    output: { receipt: "\${output}" }
output: ${output}
${more}`);

const reason = 'it was missing';
const UNDO = 'compensation_activities: { pay: { activity: refund } }\n';
const COMPENSATE = `${UNDO}error_handling: { workflow_error: { strategy: compensate } }\n`;
const MISSING = shop('{ who: "${workflow.who}" }');
const FAILS = { type: 'ExpressionError', details: { path: 'execution.output.who' } };

describe('what a run gives', () => {
  test('is what its definition says, as all stands at its end', () => {
    const then = given(shop('{ total: "${workflow.total + 1}", by: "${steps.pay.status}" }'))
      .after(start())
      .when(completed('pay', 1, 'R-1'));
    then.thenEvents(
      { type: 'step.completed' },
      { type: 'execution.completed', payload: { output: { total: 4, by: 'completed' } } },
    );
    expect(outputOf(then.state)).toEqual({ total: 4, by: 'completed' });
  });

  test('is its variables where nothing is said of it, which its end does not repeat', () => {
    const then = given(define('workflow: shop\nvariables: { total: 3 }\nactivities: [{ name: pay }]\n'))
      .after(start())
      .when(completed('pay'));
    expect(then.events.at(-1)).not.toHaveProperty('payload');
    expect(outputOf(then.state)).toEqual({ total: 3 });
  });

  test('is given by a step that ends the run too, in a branch too', () => {
    const early = define(`
workflow: shop
activities:
  - name: both
    parallel:
      branches:
        left: [{ name: ask, wait: { signal: go } }]
        right: [{ name: stop, end: true }]
output: { asked: "\${steps.ask.status}" }
`);
    const { events } = given(early).when(start());
    expect(events.at(-1)).toMatchObject({
      type: 'execution.completed',
      payload: { output: { asked: 'waiting' } },
    });
  });
});

describe('a run whose output cannot be had', () => {
  test('fails by no step, and lists nothing to undo where nothing undoes', () => {
    given(MISSING)
      .after(start())
      .when(completed('pay'))
      .thenEvents(
        { type: 'step.completed' },
        {
          type: 'execution.failed',
          facts: { step: '', errorType: 'ExpressionError', uncompensated: [] },
          payload: { error: FAILS },
        },
      );
  });

  test('fails so where it is too large', () => {
    const large = shop('{ all: "${workflow.receipt + workflow.receipt}" }');
    const then = given(large)
      .after(start())
      .when(completed('pay', 1, 'x'.repeat(300)), { maxPayload: 512 });
    // Two receipts do not fit, where one did in the step and in its variable.
    expect(then.events.at(-1)).toMatchObject({
      type: 'execution.failed',
      facts: { errorType: 'PayloadTooLarge' },
    });
  });

  test('gives it once it is retried with what was missing, and calls nothing again', () => {
    const over = given(MISSING).after(start()).after(completed('pay'));
    over.when({ type: 'retry', reason }).thenTypes('execution.retried', 'execution.failed');
    over
      .after({ type: 'set_variables', variables: { who: 'ann' }, reason })
      .when({ type: 'retry', reason })
      .thenEvents(
        { type: 'execution.retried', facts: { step: '', blocks: [] } },
        { type: 'execution.completed', payload: { output: { who: 'ann' } } },
      );
  });

  test('gives it once it has gone over to a version that can say it', () => {
    given(MISSING)
      .after(start())
      .after(completed('pay'))
      .after({ type: 'migrate', to: shop('{ who: "${workflow.total}" }'), number: 2, reason })
      .when({ type: 'retry', reason })
      .thenEvents(
        { type: 'execution.retried' },
        { type: 'execution.completed', payload: { output: { who: 3 } } },
      );
  });

  test('is undone where its definition says so, and stays so', () => {
    const undoing = given(shop('{ who: "${workflow.who}" }', COMPENSATE))
      .after(start())
      .after(completed('pay'));
    expect(undoing.state).toMatchObject({ status: 'compensating', compensation: { todo: ['pay'] } });
    undoing
      .when(undone('pay'))
      .thenEvents(
        { type: 'step.compensated' },
        { type: 'saga.compensated', facts: { step: '', errorType: 'ExpressionError' } },
      );
  });

  test('waits to be undone by hand where that is the mode', () => {
    const manual = `${COMPENSATE}compensation: { mode: manual }\n`;
    const begun = given(shop('{ who: "${workflow.who}" }', manual)).after(start());
    expect(begun.when(completed('pay')).events.at(-1)).toMatchObject({
      type: 'execution.failed',
      facts: { awaits: 'compensation', uncompensated: ['pay'] },
    });
    const over = begun.after(completed('pay'));
    over
      .when({ type: 'compensate', reason })
      .thenEvents(
        { type: 'execution.retried', facts: { compensates: true } },
        { type: 'saga.compensating', facts: { steps: ['pay'] } },
        { type: 'step.compensating' },
      );
  });
});
