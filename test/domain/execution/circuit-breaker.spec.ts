import { describe, expect, test } from 'vitest';
import { CLOSED, type Breaker } from '../../../src/domain/flow/breaker.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';

const RETRY = 'retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }';
const order = (more: string) =>
  define(`
workflow: order
activities:
  - name: pay
    circuit_breaker: { threshold: 3, reset: 10s }
    ${more}
  - name: ship
`);
const plain = order('when: true');
const retried = order(RETRY);

const open: Breaker = { status: 'open', failures: 3, threshold: 3, until: 5_000 };
const halfOpen: Breaker = { ...open, status: 'half_open', until: 0 };
const knows = (breaker: Breaker | undefined, now = 0) => ({ breaker: () => breaker, now });

const admit = (attempt = 1) =>
  ({
    type: 'admit',
    step: 'pay',
    attempt,
    passed: [{ gate: 'circuit_breaker', key: 'pay', count: 3, of: 3 }],
  }) as const;
const reject = (attempt = 1) =>
  ({
    type: 'reject',
    step: 'pay',
    attempt,
    refusal: {
      gate: 'circuit_breaker',
      key: 'pay',
      count: 3,
      of: 3,
      error: { type: 'CircuitOpen', message: 'no' },
    },
  }) as const;

describe('a step whose activity has a circuit breaker', () => {
  test('is called at once, as without, while that is closed', () => {
    given(plain).when(start(), knows(CLOSED)).thenTypes('execution.started', 'step.started');
  });

  test('asks while nothing is known of it, when it is half open, and when its time is over', () => {
    for (const known of [knows(undefined), knows(halfOpen), knows(open, 5_000)])
      given(plain)
        .when(start(), known)
        .thenEvents(
          { type: 'execution.started' },
          {
            type: 'step.requested',
            facts: { workflow: 'order', step: 'pay', activity: 'pay', attempt: 1 },
          },
        );
  });

  test('fails with CircuitOpen while it is open, and nothing is called', () => {
    const { events, state } = given(plain).when(start(), knows(open, 4_999));
    expect(events).toMatchObject([
      { type: 'execution.started' },
      {
        type: 'step.rejected',
        facts: {
          activity: 'pay',
          attempt: 1,
          gate: 'circuit_breaker',
          key: 'pay',
          errorType: 'CircuitOpen',
          count: 3,
          of: 3,
        },
        payload: {
          error: {
            message:
              'Expected calls of "pay" to succeed, but its circuit breaker is open after 3 failures in a row, of 3; it lets one call through from 1970-01-01T00:00:05.000Z on.',
            details: { failures: 3, threshold: 3, until: 5_000 },
          },
        },
      },
      { type: 'step.failed', facts: { attempt: 0, duration: 0, errorType: 'CircuitOpen', handled: 'stop' } },
      { type: 'execution.failed', facts: { errorType: 'CircuitOpen' } },
    ]);
    expect(state.status).toBe('failed');
  });

  test('goes to its fallback then, which has no breaker', () => {
    given(order('fallback: { activity: invoice }'))
      .when(start(), knows(open))
      .thenTypes('execution.started', 'step.rejected', 'step.failed', 'step.started');
    given(order('fallback: { activity: skip }'))
      .when(start(), knows(open))
      .thenTypes('execution.started', 'step.rejected', 'step.failed', 'step.skipped', 'step.started');
  });

  test('asks again after a pause as its retry policy says, which counts a refusal as a try', () => {
    const waiting = given(retried).after(start(), knows(open));
    given(retried)
      .when(start(), knows(open))
      .thenEvents(
        { type: 'execution.started' },
        { type: 'step.rejected', facts: { attempt: 1, delay: 1_000, dueAt: 1_000 } },
      );
    const fire = { type: 'fire_timer', step: 'pay', dueAt: 1_000 } as const;
    waiting
      .when(fire, knows(CLOSED, 1_000))
      .thenEvents({ type: 'step.started', facts: { attempt: 1, fallback: false } });
    waiting.when(fire, knows(open, 1_000)).thenTypes('step.rejected', 'step.failed', 'execution.failed');
  });

  test('says that no attempt was under way when it is refused after one that failed', () => {
    const again = given(retried).after(start(), knows(CLOSED)).after(failed('pay'), { now: 10 });
    again
      .when({ type: 'fire_timer', step: 'pay', dueAt: 1_010 }, knows(open, 1_010))
      .thenEvents(
        { type: 'step.rejected', facts: { attempt: 2 } },
        { type: 'step.failed', facts: { attempt: 1, duration: 0, between: true } },
        { type: 'execution.failed' },
      );
  });
});

describe('a step that has asked', () => {
  const asking = given(plain).after(start(), knows(undefined));

  test('asks once, however often it is taken up', () => {
    asking.when({ type: 'go_on' }, knows(undefined)).thenNothing();
    expect(asking.state.steps['pay']).toMatchObject({ status: 'queued', asks: true, attempt: 0 });
  });

  test('is called once it is let through, and says what let it', () => {
    asking.when(admit()).thenEvents(
      {
        type: 'step.admitted',
        facts: { attempt: 1, gate: 'circuit_breaker', key: 'pay', count: 3, of: 3 },
      },
      { type: 'step.started', facts: { attempt: 1, fallback: false } },
    );
    asking.after(admit()).when(completed('pay')).thenTypes('step.completed', 'step.started');
  });

  test('fails when it is not', () => {
    asking.when(reject()).thenTypes('step.rejected', 'step.failed', 'execution.failed');
  });

  test('takes no answer twice, none of another attempt, and none that comes too late', () => {
    for (const command of [admit, reject]) {
      asking.after(admit()).when(command()).thenNothing();
      asking.when(command(2)).thenNothing();
      asking.after({ type: 'cancel', reason: '' }).when(command()).thenNothing();
    }
  });

  test('waits for somebody to serve it when nobody does any more, and asks anew then', () => {
    const queued = asking.after(admit(), { unserved: ['pay'] });
    asking
      .when(admit(), { unserved: ['pay'] })
      .thenEvents({ type: 'step.queued', facts: { reason: 'no_activity', attempt: 1 } });
    queued.when({ type: 'go_on' }, knows(undefined)).thenTypes('step.requested');
    queued.when(admit()).thenNothing();
  });
});
