import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { openEngine, type Run } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const TRIP = `
workflow: trip
variables: { trip: "\${input}" }
activities:
  - name: flight
    output: { seat: "\${output.seat}" }
  - name: mail
  - name: hotel
  - name: pay
    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }
compensation:
  strategy: reverse
compensation_activities:
  flight: { activity: cancel_flight, params: { trip: "\${workflow.trip}", seat: "\${output.seat}", why: "\${error.type}" } }
  hotel: { activity: cancel_hotel }
  pay: { activity: refund }
error_handling:
  activity_error: { retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } } }
  workflow_error: { strategy: compensate }
`;

const open = async (more: Record<string, Run> = {}) => {
  const called: [string, Json][] = [];
  const named =
    (name: string, run: Run): Run =>
    (ctx, input) => {
      called.push([name, input]);
      return run(ctx, input);
    };
  const runs: Record<string, Run> = {
    flight: () => ({ seat: '12A' }),
    mail: () => null,
    hotel: () => ({ room: 7 }),
    pay: () => {
      throw Object.assign(new Error('no money'), { type: 'Declined' });
    },
    cancel_flight: () => 'cancelled',
    cancel_hotel: () => null,
    refund: () => null,
    ...more,
  };
  const activities = Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, named(name, run)]));
  return { ...openEngine({ log: await temporaryLog(), activities }), called };
};

describe('a saga', () => {
  test('undoes what was done in reverse, after the last attempt has failed', async () => {
    const { start, end, clock, called } = await open();
    const { id } = await start(TRIP, 'T-1');
    await clock.armed(clock.now() + 1_000);
    clock.advance(1_000);
    const { state, types } = await end(id);
    expect(called.map(([name]) => name)).toEqual([
      'flight',
      'mail',
      'hotel',
      'pay',
      'pay',
      'cancel_hotel',
      'cancel_flight',
    ]);
    expect(called.at(-1)?.[1]).toEqual({ trip: 'T-1', seat: '12A', why: 'Declined' });
    expect(called.at(-2)?.[1]).toEqual({ trip: 'T-1', seat: '12A' });
    expect(types.slice(-7)).toEqual([
      'step.failed',
      'saga.compensating',
      'step.compensating',
      'step.compensated',
      'step.compensating',
      'step.compensated',
      'saga.compensated',
    ]);
    expect(state.status).toBe('compensated');
  });

  test('that cannot be undone wholly is failed, and says what is left', async () => {
    let tries = 0;
    const { start, end, clock, called } = await open({
      cancel_hotel: () => {
        tries += 1;
        throw new Error('closed');
      },
    });
    const { id } = await start(TRIP, 'T-2');
    await clock.armed(clock.now() + 1_000);
    clock.advance(1_000);
    await clock.armed(clock.now() + 1_000);
    clock.advance(1_000);
    const { state, events } = await end(id);
    expect(tries).toBe(2);
    expect(called.at(-1)?.[0]).toBe('cancel_flight');
    expect(state.status).toBe('failed');
    expect(events.at(-1)).toMatchObject({
      type: 'execution.failed',
      facts: { step: 'pay', errorType: 'Declined', uncompensated: ['hotel'] },
    });
  });

  test('can be terminated while it is undone', async () => {
    const signals: AbortSignal[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const { start, end, engine, clock } = await open({
      cancel_hotel: ({ signal }) => {
        signals.push(signal);
        resolve();
        return new Promise(() => undefined);
      },
    });
    const { id } = await start(TRIP, 'T-3');
    await clock.armed(clock.now() + 1_000);
    clock.advance(1_000);
    await promise;
    await engine.executions.handle(id, { type: 'terminate', reason: 'enough' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect((await end(id)).events.at(-1)).toMatchObject({
      type: 'execution.cancelled',
      facts: { from: 'compensating', terminated: true, uncompensated: ['hotel', 'flight'] },
    });
  });
});

describe('a fallback', () => {
  const SHIP = `
workflow: ship
activities:
  - name: ship
    input: { order: 7 }
    fallback: { activity: by_hand }
  - name: tell
`;

  test('is called with the input and the error', async () => {
    const { run, called } = await open({
      ship: () => {
        throw new RangeError('too heavy');
      },
      by_hand: () => 'sent',
      tell: () => null,
    });
    const { state } = await run(SHIP);
    expect(called.map(([name]) => name)).toEqual(['ship', 'by_hand', 'tell']);
    expect(called[1]?.[1]).toEqual({
      input: { order: 7 },
      error: { type: 'RangeError', message: 'too heavy', details: null },
    });
    expect(state).toMatchObject({ status: 'completed', steps: { ship: { attempt: 2, output: 'sent' } } });
  });

  test('that skips goes on without an output', async () => {
    const { run } = await open({ ship: () => Promise.reject(new Error('no')), tell: () => null });
    const { state } = await run(SHIP.replace('by_hand', 'skip'));
    expect(state).toMatchObject({
      status: 'completed',
      completed: [{ step: 'tell' }],
      steps: { ship: { status: 'skipped' } },
    });
  });
});
