import { describe, expect, test } from 'vitest';
import { NonRetryable } from '../../src/activities/non-retryable.ts';
import type { ErrorPayload } from '../../src/domain/execution/events.ts';
import { openEngine, type Run } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const ONE = 'workflow: one\nactivities:\n  - name: work\n';
const TWICE = `${ONE}    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }\n`;

const errorOf = async (run: Run): Promise<ErrorPayload | undefined> => {
  const under = openEngine({ log: await temporaryLog(), activities: { work: run, fine: () => 'fine' } });
  const { state, types } = await under.run(ONE);
  expect(types).toEqual(['execution.started', 'step.started', 'step.failed', 'execution.failed']);
  expect(under.errors).toEqual([]);
  const other = await under.run('workflow: other\nactivities: [{ name: fine }]');
  expect(other.state.status, 'the engine goes on').toBe('completed');
  return state.failure?.error ?? state.steps['work']?.error;
};

const cycle: unknown[] = [];
cycle.push({ again: cycle });

const unreadable = Object.defineProperty(new Error('hidden'), 'message', {
  get: () => {
    throw new Error('The message cannot be read.');
  },
});

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/* oxlint-disable typescript/only-throw-error -- users' code throws anything */
const throws =
  (thrown: unknown): Run =>
  () => {
    throw thrown;
  };
/* oxlint-enable typescript/only-throw-error */

describe('an activity fails its step and nothing else when it', () => {
  test.for<[string, Run, object]>([
    ['throws an error', throws(new RangeError('too far')), { type: 'RangeError', message: 'too far' }],
    ['throws a text', throws('no'), { type: 'Error', message: 'no' }],
    ['throws null', throws(null), { type: 'Error', message: 'null' }],
    ['throws a symbol', throws(Symbol('odd')), { type: 'Error', message: 'Symbol(odd)' }],
    ['throws nothing', throws(undefined), { type: 'Error', message: 'undefined' }],
    [
      'throws an error with a type and details',
      throws(Object.assign(new Error('declined'), { type: 'CardDeclined', details: { code: 51 } })),
      { type: 'CardDeclined', message: 'declined', details: { code: 51 } },
    ],
    [
      'throws an error whose details are no JSON',
      throws(Object.assign(new Error('odd'), { details: { amount: 10n } })),
      { type: 'Error', details: { omitted: expect.stringContaining('BigInt') } },
    ],
    ['throws what cannot be read', throws(unreadable), { type: 'Error' }],
    ['throws what is no object any more', throws(revoked()), { type: 'Error' }],
    ['rejects', () => Promise.reject(new TypeError('later')), { type: 'TypeError', message: 'later' }],
    [
      'returns a BigInt',
      () => ({ amount: 10n }),
      { type: 'InvalidOutput', message: expect.stringContaining('BigInt') },
    ],
    ['returns a cycle', () => cycle, { type: 'InvalidOutput', message: expect.stringContaining('cycle') }],
    [
      'returns a function',
      () => () => 1,
      { type: 'InvalidOutput', message: expect.stringContaining('function') },
    ],
    [
      'returns 10 MB',
      () => 'x'.repeat(10_000_000),
      { type: 'PayloadTooLarge', message: expect.stringContaining('524288') },
    ],
    [
      'returns what throws when it is read',
      () => ({
        get part() {
          throw new Error('closed');
        },
      }),
      { type: 'InvalidOutput', message: expect.stringContaining('closed') },
    ],
  ])('%s', async ([, run, error]) => {
    expect(await errorOf(run)).toMatchObject(error);
  });

  test('throws a type and a message without end, which are cut', async () => {
    const error = await errorOf(
      throws(Object.assign(new Error('m'.repeat(1_000_000)), { type: 't'.repeat(1_000_000) })),
    );
    expect(error?.message.length).toBeLessThan(10_000);
    expect(error?.type.length).toBeLessThan(1_000);
  });

  test('throws more than one event may hold', async () => {
    const { run, errors } = openEngine({
      log: await temporaryLog(),
      maxPayload: 1_024,
      activities: {
        work: throws(Object.assign(new Error('\u0000'.repeat(9_000)), { details: '\u0000'.repeat(9_000) })),
      },
    });
    const { state } = await run(ONE);
    expect(state).toMatchObject({ status: 'failed', steps: { work: { error: { type: 'Error' } } } });
    expect(errors).toEqual([]);
  });
});

describe('an activity', () => {
  test('that returns nothing completes its step with null', async () => {
    const { run } = openEngine({ log: await temporaryLog(), activities: { work: () => undefined } });
    const { state } = await run(ONE);
    expect(state).toMatchObject({
      status: 'completed',
      steps: { work: { status: 'completed', output: null } },
    });
  });

  test('that throws NonRetryable is not called again', async () => {
    let calls = 0;
    const { run } = openEngine({
      log: await temporaryLog(),
      activities: {
        work: () => {
          calls += 1;
          throw new NonRetryable('never', { type: 'Closed', details: { since: 2020 } });
        },
      },
    });
    const { state } = await run(TWICE);
    expect(calls).toBe(1);
    expect(state.steps['work']?.error).toEqual({
      type: 'Closed',
      message: 'never',
      details: { since: 2020 },
    });
  });

  test('that is given another input than it takes is not called', async () => {
    let calls = 0;
    const input = { type: 'object', required: ['n'], properties: { n: { type: 'number' } } };
    const { run } = openEngine({
      log: await temporaryLog(),
      activities: { work: { input, run: () => void (calls += 1) } },
    });
    const { state } = await run(`${TWICE}    input: { n: "\${input}" }\n`, 'one');
    expect(calls).toBe(0);
    expect(state.steps['work']).toMatchObject({
      attempt: 1,
      error: { type: 'InvalidInput', message: expect.stringMatching(/"work" takes, but .*n.*number/) },
    });
  });

  test('that returns another output than it promises has failed', async () => {
    const { run } = openEngine({
      log: await temporaryLog(),
      activities: { work: { output: { type: 'string' }, run: () => 1 } },
    });
    const { state } = await run(ONE);
    expect(state.steps['work']?.error).toMatchObject({
      type: 'InvalidOutput',
      message: expect.stringMatching(/"work" promises, but .*string/),
    });
  });
});
