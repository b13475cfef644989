import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../src/domain/definition/definition.ts';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { completed, define, failed, given, start, undone, type Given } from '../../spec/execution.ts';

const reason = 'it was wrong';
const toVersion = (to: Definition): ExecutionCommand => ({ type: 'migrate', to, number: 2, reason });

const ONE = 'workflow: w\nactivities:\n  - { name: pay, output: { paid: 1 } }\n  - name: ship\n';
const one = define(ONE);
const two = define(
  'workflow: w\nactivities:\n  - { name: pay, activity: charge, output: { paid: 2 } }\n  - { name: check, when: "${workflow.paid == 2}" }\n  - { name: ship, activity: send }\n',
);

const paying = (): Given => given(one).after(start());

describe('a run that goes on with another version', () => {
  test('says from which to which, and why', () => {
    paying()
      .when(toVersion(two))
      .thenEvents({
        type: 'execution.migrated',
        facts: { workflow: 'w', from: one.hash, definition: two.hash, number: 2 },
        payload: { reason },
      });
    expect(paying().after(toVersion(two)).state.definition).toBe(two.hash);
  });

  test('ends the call under way as it was begun, and goes on as the new one says', () => {
    const migrated = paying().after(toVersion(two));
    const { events, state } = migrated.when(completed('pay'));
    expect(events).toMatchObject([
      {
        type: 'step.completed',
        facts: { step: 'pay', activity: 'pay' },
        payload: { variables: { paid: 2 } },
      },
      { type: 'step.started', facts: { step: 'check', activity: 'check' } },
    ]);
    expect(state.variables).toEqual({ paid: 2 });
    migrated
      .after(completed('pay'))
      .after(completed('check'))
      .when(completed('ship'))
      .thenEvents(
        { type: 'step.completed', facts: { activity: 'send' } },
        { type: 'execution.completed', facts: { definition: two.hash } },
      );
  });

  test('says in words what a wait had no limit of, when the limit of before is reached', () => {
    const waiting = (timeout: string) =>
      define(`workflow: w\nactivities:\n  - { name: paid, wait: { signal: paid${timeout} } }\n`);
    given(waiting(', timeout: 1s'))
      .after(start())
      .after(toVersion(waiting('')))
      .when({ type: 'fire_timer', step: 'paid', dueAt: 1_000 })
      .thenEvents(
        { type: 'timer.fired' },
        {
          type: 'step.failed',
          payload: { error: { message: 'Expected the signal "paid" in time, but it did not come.' } },
        },
        { type: 'execution.failed' },
      );
  });

  test('is not of another when it is of that one already', () => {
    paying().when(toVersion(one)).thenNothing();
    paying().after(toVersion(two)).when(toVersion(two)).thenNothing();
  });

  test('and back again', () => {
    paying()
      .after(toVersion(two))
      .after(toVersion(one))
      .when(completed('pay'))
      .thenEvents({ payload: { variables: { paid: 1 } } }, { facts: { step: 'ship' } });
  });

  test('begins at once what waited for somebody to serve its activity, when somebody serves the new one', () => {
    const unserved = ['pay'];
    const waiting = given(one).after(start(), { unserved });
    waiting
      .when(toVersion(two), { unserved })
      .thenEvents(
        { type: 'execution.migrated' },
        { type: 'step.started', facts: { step: 'pay', activity: 'charge', attempt: 1 } },
      );
  });

  test('waits for whoever serves the new activity when nobody does', () => {
    const unserved = ['pay', 'charge'];
    const waiting = given(one).after(start(), { unserved });
    waiting
      .when(toVersion(two), { unserved })
      .thenEvents(
        { type: 'execution.migrated' },
        { type: 'step.queued', facts: { step: 'pay', activity: 'charge' } },
      );
    waiting.after(toVersion(two), { unserved }).when({ type: 'go_on' }, { unserved }).thenNothing();
  });

  test('begins nothing while it is paused', () => {
    const paused = given(one)
      .after(start(), { unserved: ['pay'] })
      .after({ type: 'pause', reason });
    paused.when(toVersion(two)).thenTypes('execution.migrated');
    paused
      .after(toVersion(two))
      .when({ type: 'resume', reason })
      .thenEvents({ type: 'execution.resumed' }, { type: 'step.started', facts: { activity: 'charge' } });
  });

  test('is tried again as the new one says once it has failed', () => {
    const broken = define(ONE.replace('name: pay', 'name: pay, input: "${event.x}"'));
    const dead = given(broken).after(start());
    expect(dead.state.status).toBe('failed');
    const mended = dead.after(toVersion(two));
    expect(mended.state).toMatchObject({ status: 'failed', definition: two.hash });
    const again = mended.when({ type: 'retry', reason });
    again.thenEvents({ type: 'execution.retried' }, { type: 'step.started', facts: { activity: 'charge' } });
    expect(again.state.definition).toBe(two.hash);
  });

  test('retries, falls back and is undone as the new one says', () => {
    const undo =
      'compensation: {}\ncompensation_activities: { pay: { activity: ACT } }\nerror_handling: { workflow_error: { strategy: compensate } }\n';
    const old = define(ONE + undo.replace('ACT', 'refund'));
    const now = define(
      ONE.replace(
        'name: ship',
        'name: ship\n    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }',
      ) + undo.replace('ACT', 'repay'),
    );
    const shipping = given(old).after(start()).after(completed('pay')).after(toVersion(now));
    shipping.when(failed('ship')).thenTypes('step.retry_scheduled');
    const undoing = given(old).after(start()).after(completed('pay')).after(failed('ship'));
    undoing.after(toVersion(now)).when(undone('pay')).thenTypes('step.compensated', 'saga.compensated');
    shipping
      .after(failed('ship'))
      .after({ type: 'fire_timer', step: 'ship', dueAt: 1_000 })
      .when(failed('ship', 2))
      .thenEvents(
        { type: 'step.failed' },
        { type: 'saga.compensating' },
        { type: 'step.compensating', facts: { activity: 'repay' } },
      );
  });

  test('has more turns of a loop, each with the new steps', () => {
    const loop = (steps: string) =>
      define(
        `workflow: w\nactivities:\n  - name: each\n    foreach: { items: "\${input}", concurrency: 1, steps: [${steps}] }\n`,
      );
    const looping = given(loop('{ name: a }')).after(start({ input: [1, 2] }));
    const migrated = looping.after(toVersion(loop('{ name: a }, { name: b }')));
    migrated
      .when(completed('each[0].a'))
      .thenEvents({ type: 'step.completed' }, { type: 'step.started', facts: { step: 'each[0].b' } });
    migrated
      .after(completed('each[0].a'))
      .when(completed('each[0].b'))
      .thenEvents(
        { type: 'step.completed' },
        { type: 'branch.completed' },
        { type: 'step.started', facts: { step: 'each[1].a' } },
      );
  });
});
