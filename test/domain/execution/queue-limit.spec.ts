import { describe, expect, test } from 'vitest';
import type { FireTimer } from '../../../src/domain/execution/commands.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { define, given, start } from '../../spec/execution.ts';

const pay = (more = '', gate = 'bulkhead: { timeout: 30s }') =>
  define(`
workflow: shop
activities:
  - name: pay
    timeout: { step: 1m, queue: 4s }
    ${gate}
    ${more}
  - name: ship
`);

const plain = pay();
const place = { gate: 'bulkhead', key: 'pay', position: 7, of: 9 } as const;
const queue = { type: 'queue', step: 'pay', attempt: 1, ...place } as const;
const admit = { type: 'admit', step: 'pay', attempt: 1, passed: [] } as const;
const late = { type: 'BulkheadTimeout', message: 'It waited longer.' };
const refusal = { gate: 'bulkhead', key: 'pay', count: 7, of: 9, error: late } as const;
const reject = { type: 'reject', step: 'pay', attempt: 1, refusal } as const;
const fire: FireTimer = { type: 'fire_timer', step: 'pay', dueAt: 4_000, limit: 'queue' };
const unserved = { unserved: ['pay'] };

const asking = given(plain).after(start());
const waiting = asking.after(queue, { now: 10 });

describe('the time in the queue of a step whose calls are limited', () => {
  test.each(['bulkhead: {}', 'rate_limit: { limit: 1, per: 1s }', 'resources: { cpu: { request: 1 } }'])(
    'is told of when it asks, and where it waits: %s',
    (gate) => {
      const limited = pay('', gate);
      const asked = given(limited).when(start(), { now: 100 });
      asked.thenEvents({}, { type: 'step.requested', facts: { attempt: 1, dueAt: 4_100 } });
      expect(pendingOf(limited, asked.state)).toEqual([
        { kind: 'admission', step: 'pay', activity: 'pay', attempt: 1 },
        { kind: 'timer', step: 'pay', dueAt: 4_100, limit: 'queue' },
      ]);
      given(limited)
        .after(start(), { now: 100 })
        .when(queue, { now: 110 })
        .thenEvents({ type: 'step.queued', facts: { ...place, dueAt: 4_100 } });
    },
  );

  test('is over: the step has failed without a call, and says what it waited for', () => {
    waiting.when(fire, { now: 4_000 }).thenEvents(
      { type: 'timer.fired', facts: { step: 'pay', dueAt: 4_000, purpose: 'queue' } },
      {
        type: 'step.failed',
        facts: { attempt: 0, duration: 0, errorType: 'QueueTimeout' },
        payload: {
          error: {
            type: 'QueueTimeout',
            message:
              'Expected a call of "pay" to be let through within 4000 ms, but it waited longer, at last for its bulkhead.',
            details: { kind: 'queue', gate: 'bulkhead' },
          },
        },
      },
      { type: 'execution.failed' },
    );
    const over = waiting.after(fire, { now: 4_000 });
    expect(pendingOf(plain, over.state)).toEqual([]);
    over.when(admit, { now: 4_001 }).thenNothing();
    over.when(reject, { now: 4_001 }).thenNothing();
  });

  test('is over: its fallback is called, and not that of its bulkhead', () => {
    const falling = pay('fallback: { activity: invoice }', 'bulkhead: { fallback: { activity: degrade } }');
    given(falling)
      .after(start())
      .after(queue)
      .when(fire, { now: 4_000 })
      .thenEvents(
        { type: 'timer.fired' },
        { type: 'step.failed', facts: { handled: 'activity', errorType: 'QueueTimeout' } },
        { type: 'step.started', facts: { activity: 'invoice', fallback: true } },
      );
  });

  test('is over for nothing once it was let in, or turned away before', () => {
    const called = waiting.after(admit, { now: 3_000 });
    called.when(fire, { now: 4_000 }).thenNothing();
    expect(pendingOf(plain, called.state)).toMatchObject([
      { kind: 'attempt' },
      { kind: 'timer', limit: 'step', dueAt: 63_000 },
    ]);
    const away = waiting.when(reject, { now: 3_999 });
    away.thenEvents(
      { type: 'step.rejected', facts: { errorType: 'BulkheadTimeout' } },
      { type: 'step.failed' },
      { type: 'execution.failed' },
    );
    waiting.after(reject, { now: 3_999 }).when(fire, { now: 4_000 }).thenNothing();
  });

  test('counts on when what it waits for becomes something else', () => {
    const served = given(plain).after(start(), unserved);
    served
      .when({ type: 'go_on' }, { now: 3_000 })
      .thenEvents({ type: 'step.requested', facts: { dueAt: 4_000 } });
    const unservedAgain = served.after({ type: 'go_on' }, { now: 3_000 });
    unservedAgain
      .when(admit, { now: 3_500, ...unserved })
      .thenEvents({ type: 'step.queued', facts: { reason: 'no_activity', dueAt: 4_000 } });
  });

  test('counts anew when it asks again', () => {
    const again = given(pay('retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }'))
      .after(start())
      .after(reject, { now: 3_000 });
    again
      .when({ type: 'fire_timer', step: 'pay', dueAt: 4_000 }, { now: 4_000 })
      .thenEvents({ type: 'step.requested', facts: { dueAt: 8_000 } });
  });
});
