import { describe, expect, test } from 'vitest';
import { define, failed, given, start } from '../../spec/execution.ts';

const order = (more: string) =>
  define(`
workflow: order
concurrency: { max_activities: 5 }
activities:
  - name: pay
    bulkhead: { max_concurrent: 2, max_queue_size: 9, fallback: { activity: degrade } }
    ${more}
  - name: ship
    set: { variables: { shipped: true } }
`);
const plain = order('when: true');

const at = { step: 'pay', attempt: 1, gate: 'bulkhead', key: 'pay' } as const;
const queue = { type: 'queue', ...at, position: 7, of: 9 } as const;
const turnedAway = (type: string) =>
  ({
    type: 'reject',
    step: 'pay',
    attempt: 1,
    refusal: { gate: 'bulkhead', key: 'pay', count: 9, of: 9, error: { type, message: 'no' } },
  }) as const;
const admit = {
  type: 'admit',
  step: 'pay',
  attempt: 1,
  passed: [
    { gate: 'max_activities', key: 'order', count: 3, of: 5 },
    { gate: 'bulkhead', key: 'pay', count: 2, of: 2 },
  ],
} as const;

const asking = given(plain).after(start());
const waiting = asking.after(queue);

describe('a step whose calls are limited', () => {
  test('asks before each call', () => {
    given(plain).when(start()).thenTypes('execution.started', 'step.requested');
  });

  test('says where it waits, once, and waits on whoever takes it up', () => {
    asking.when(queue).thenEvents({
      type: 'step.queued',
      facts: { attempt: 1, reason: 'limit', gate: 'bulkhead', key: 'pay', position: 7, of: 9 },
    });
    waiting.when({ ...queue, position: 5 }).thenNothing();
    waiting.when({ ...queue, gate: 'max_activities' }).thenTypes('step.queued');
    waiting.when({ type: 'go_on' }).thenNothing();
    expect(waiting.state.steps['pay']).toMatchObject({ status: 'queued', asks: true });
  });

  test('is called when it is let in, and says through what', () => {
    waiting
      .when(admit)
      .thenEvents(
        { type: 'step.admitted', facts: { gate: 'max_activities', key: 'order', count: 3, of: 5 } },
        { type: 'step.admitted', facts: { gate: 'bulkhead', key: 'pay', count: 2, of: 2 } },
        { type: 'step.started', facts: { attempt: 1 } },
      );
    expect(waiting.after(admit).state.steps['pay']).not.toHaveProperty('gate');
  });

  test('goes to the fallback of its bulkhead when that turned it away', () => {
    for (const type of ['BulkheadFull', 'BulkheadTimeout'])
      waiting
        .when(turnedAway(type))
        .thenEvents(
          { type: 'step.rejected', facts: { gate: 'bulkhead', count: 9, of: 9, errorType: type } },
          { type: 'step.failed', facts: { errorType: type, handled: 'activity' } },
          { type: 'step.started', facts: { activity: 'degrade', fallback: true } },
        );
  });

  test('goes on with the fallback of its bulkhead when that is to be tried again', () => {
    const tried = given(order('retry: { max_attempts: 2, non_retryable: [BulkheadFull] }'))
      .after(start())
      .after(turnedAway('BulkheadFull'))
      .after(failed('pay', 1));
    const { dueAt = 0 } = tried.state.steps['pay'] ?? {};
    tried.when({ type: 'fire_timer', step: 'pay', dueAt }, { now: dueAt }).thenEvents({
      type: 'step.started',
      facts: { activity: 'degrade', attempt: 2, fallback: true },
      payload: { input: { error: { type: 'BulkheadFull', message: 'no' } } },
    });
  });

  test('goes to its own fallback for everything else', () => {
    const own = given(order('fallback: { activity: skip }'));
    const asked = own.after(start());
    asked
      .when(turnedAway('QueueTimeout'))
      .thenTypes('step.rejected', 'step.failed', 'step.skipped', 'variables.set', 'execution.completed');
    asked.when(turnedAway('BulkheadFull')).thenTypes('step.rejected', 'step.failed', 'step.started');
    waiting.when(turnedAway('QueueTimeout')).thenTypes('step.rejected', 'step.failed', 'execution.failed');
  });
});

describe('a step that asked while another one failed the run', () => {
  const both = define(`
workflow: both
activities:
  - name: two
    parallel:
      branches:
        left: [{ name: pay, bulkhead: {} }]
        right: [{ name: ship }]
`);

  test('asks once more when the run is retried', () => {
    const failed = given(both)
      .after(start())
      .after({
        type: 'fail_attempt',
        step: 'two[right].ship',
        attempt: 1,
        compensation: false,
        error: { type: 'Oops', message: 'no' },
        retry: 'never',
      });
    expect(failed.state.status).toBe('failed');
    const { events, state } = failed.when({ type: 'retry', reason: '' });
    expect(events.map(({ type }) => type)).toContain('step.requested');
    expect(state.steps['two[left].pay']).toMatchObject({ status: 'queued', asks: true });
  });
});
