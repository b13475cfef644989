import { describe, expect, test } from 'vitest';
import { define, failed, given } from '../../spec/execution.ts';

const order = define(`
workflow: order
priority: \${input.rank}
timeout: 1h
concurrency: { max_workflows: 5, key: "\${input.customer}", queuing: { strategy: priority, timeout: 30s } }
activities:
  - name: pay
  - name: ship
`);

const KEY = 'order#1234';
const input = { rank: 3, customer: 'ann' };
const begin = { type: 'start', id: 'an-execution', trigger: 'manual', event: null, input } as const;
const queue = { type: 'queue_run', request: 1, key: KEY, position: 7, of: 100 } as const;
const admit = { type: 'admit_run', request: 1, key: KEY, count: 5, of: 5 } as const;
const error = { type: 'QueueTimeout', message: 'too long' };
const reject = { type: 'reject_run', request: 1, key: KEY, count: 7, of: 100, error } as const;
const reason = 'because';

const asking = given(order).after(begin);
const waiting = asking.after(queue);
const running = waiting.after(admit, { now: 1_000 });

describe('an execution of which only so many go on', () => {
  test('is there at once, and asks to go on by its priority and what its key hashes to', () => {
    const then = given(order).when(begin);
    then.thenEvents(
      { type: 'execution.started', facts: { workflow: 'order' } },
      { type: 'execution.requested', facts: { request: 1, priority: 3, lane: expect.any(String) } },
    );
    // Its time has not begun, and what it is for is kept nowhere but in its input.
    expect(then.events[0]?.facts).not.toHaveProperty('deadline');
    expect(JSON.stringify(then.events[1])).not.toContain('ann');
    expect(then.state.status).toBe('queued');
  });

  test('says where it waits, once', () => {
    asking.when(queue).thenEvents({
      type: 'execution.queued',
      facts: { request: 1, gate: 'max_workflows', key: KEY, position: 7, of: 100 },
    });
    waiting.when({ ...queue, position: 5 }).thenNothing();
    waiting.when({ type: 'go_on' }).thenNothing();
  });

  test('goes on when it is its turn, and its time begins', () => {
    waiting
      .when(admit, { now: 1_000 })
      .thenEvents(
        { type: 'execution.admitted', facts: { count: 5, of: 5, key: KEY, deadline: 3_601_000 } },
        { type: 'step.started', facts: { step: 'pay' } },
      );
    running.when(admit).thenNothing();
    waiting.when({ ...admit, request: 2 }).thenNothing();
  });

  test('fails when it has waited for too long, having done nothing, and waits anew when it is retried', () => {
    const then = waiting.when(reject);
    then.thenEvents(
      { type: 'execution.rejected', facts: { count: 7, of: 100, errorType: 'QueueTimeout' } },
      { type: 'execution.failed', facts: { step: '', errorType: 'QueueTimeout', from: 'queued' } },
    );
    const over = waiting.after(reject);
    over
      .when({ type: 'retry', reason })
      .thenEvents(
        { type: 'execution.retried' },
        { type: 'execution.requested', facts: { request: 2, priority: 3 } },
      );
    over.after({ type: 'retry', reason }).when(admit).thenNothing();
    over
      .after({ type: 'retry', reason })
      .when({ ...admit, request: 2 })
      .thenTypes('execution.admitted', 'step.started');
  });

  test('asks again when it is retried, and nothing of it begins before', () => {
    const retried = running.after(failed('pay')).after({ type: 'retry', reason });
    expect(retried.state.status).toBe('queued');
    retried.when({ type: 'go_on' }).thenNothing();
    retried.whenRefused({ type: 'skip_step', step: 'pay', reason }, 'STEP_NOT_ACTIVE');
    retried
      .when({ ...admit, request: 2 }, { now: 5_000 })
      .thenEvents(
        { type: 'execution.admitted', facts: { request: 2, deadline: 3_605_000 } },
        { type: 'step.started', facts: { step: 'pay', attempt: 2 } },
      );
  });

  test('can be cancelled and terminated while it waits, and takes signals and variables', () => {
    waiting.when({ type: 'cancel', reason }).thenTypes('execution.cancelled');
    waiting.when({ type: 'terminate', reason }).thenTypes('execution.cancelled');
    waiting.when({ type: 'signal', signal: 'go', payload: 1 }).thenTypes('signal.received');
    waiting.when({ type: 'set_variables', variables: { x: 1 }, reason }).thenTypes('variables.set');
    waiting
      .when({ type: 'cancel', reason, compensate: true })
      .thenEvents({ type: 'saga.compensating', facts: { from: 'queued' } }, { type: 'execution.cancelled' });
  });

  test('is not let in during a pause, and waits as before after it', () => {
    const paused = waiting.after({ type: 'pause', reason });
    paused.when(admit).thenNothing();
    paused.when(reject).thenNothing();
    const then = paused.when({ type: 'resume', reason });
    then.thenEvents({ type: 'execution.resumed', facts: { to: 'queued' } });
    expect(then.state.status).toBe('queued');
    paused.after({ type: 'resume', reason }).when(admit).thenTypes('execution.admitted', 'step.started');
  });

  test('fails at once where its place cannot be told', () => {
    given(order)
      .when({ ...begin, input: { rank: 'high', customer: 'ann' } })
      .thenEvents(
        { type: 'execution.started' },
        { type: 'execution.failed', facts: { errorType: 'ExpressionError' } },
      );
  });
});
