import { describe, expect, test } from 'vitest';
import type { OperatorCommand } from '../../src/domain/execution/commands.ts';
import { handClock } from '../spec/clock.ts';
import { CALLER, openEngine, recordedOf, type Run } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const reason = 'an operator says so';
const TWO =
  'workflow: two\nactivities:\n  - name: one\n    retry: { max_attempts: 3, backoff: { initial: 1s, jitter: 0 } }\n  - name: other\n';

/** An activity that says when it is called, and ends when it is let go of. */
const held = () => {
  const called = Promise.withResolvers<AbortSignal>();
  const end = Promise.withResolvers<string>();
  const run: Run = ({ signal }) => {
    called.resolve(signal);
    return end.promise;
  };
  return { run, called: called.promise, end: end.resolve };
};

const open = async (activities: Readonly<Record<string, Run>>) => {
  const log = await temporaryLog();
  const clock = handClock();
  const under = openEngine({ log, clock, activities });
  const operate = (id: string, command: OperatorCommand) =>
    under.engine.executions.handle(id, command, CALLER);
  const typesOf = async (id: string) => (await recordedOf(log, id)).map(({ type }) => type);
  return { ...under, log, clock, operate, typesOf };
};

describe('a pause', () => {
  test('lets the call under way end and be recorded, and begins nothing more until it is over', async () => {
    const call = held();
    const { start, operate, typesOf, engine, end } = await open({ one: call.run, other: () => null });
    const { id } = await start(TWO);
    const signal = await call.called;
    await operate(id, { type: 'pause', reason });
    call.end('done');
    await engine.drained(() => true, 10_000);
    expect(signal.aborted).toBe(false);
    expect(await typesOf(id)).toEqual([
      'execution.started',
      'step.started',
      'execution.paused',
      'step.completed',
    ]);
    await operate(id, { type: 'resume', reason });
    expect((await end(id)).types.slice(4)).toEqual([
      'execution.resumed',
      'step.started',
      'step.completed',
      'execution.completed',
    ]);
  });

  test('keeps what comes due until it is over: it happens at once then', async () => {
    const { start, operate, typesOf, clock, end } = await open({});
    const { id } = await start('workflow: nap\nactivities:\n  - name: nap\n    wait: { for: 10s }\n');
    expect(clock.due).toHaveLength(1);
    await operate(id, { type: 'pause', reason });
    expect(clock.due).toEqual([]);
    clock.advance(60_000);
    await operate(id, { type: 'resume', reason });
    expect(clock.due).toHaveLength(1);
    clock.advance(0);
    await end(id);
    expect(await typesOf(id)).toEqual([
      'execution.started',
      'step.started',
      'timer.scheduled',
      'execution.paused',
      'execution.resumed',
      'timer.fired',
      'step.completed',
      'execution.completed',
    ]);
  });

  test('outlasts the end of its node, whose call counts as interrupted', async () => {
    const call = held();
    const first = await open({ one: call.run, other: () => null });
    const { id } = await first.start(TWO);
    await call.called;
    await first.operate(id, { type: 'pause', reason });
    const { due } = first.clock;
    const next = openEngine({
      log: first.log,
      clock: first.clock,
      ids: countingIds(0.5, 9),
      activities: { one: () => 1, other: () => null },
    });
    await next.engine.resume(id);
    await next.engine.executions.settled();
    expect((await first.typesOf(id)).slice(2)).toEqual(['execution.paused', 'step.retry_scheduled']);
    expect(first.clock.due).toEqual(due);
    await next.engine.executions.handle(id, { type: 'resume', reason }, CALLER);
    first.clock.advance(1_000);
    expect((await next.end(id)).types.slice(4)).toEqual([
      'execution.resumed',
      'step.started',
      'step.completed',
      'step.started',
      'step.completed',
      'execution.completed',
    ]);
  });
});

describe('what is done by hand', () => {
  test.each<readonly [string, OperatorCommand, string]>([
    ['skipped', { type: 'skip_step', step: 'one', reason }, 'step.skipped'],
    ['completed', { type: 'complete_step', step: 'one', output: 7, reason }, 'step.completed'],
    [
      'failed',
      { type: 'fail_step', step: 'one', error: { type: 'No', message: 'no' }, reason },
      'step.failed',
    ],
  ])(
    'tells the call of a step to end that is %s, and takes no result of it',
    async (_name, command, type) => {
      const call = held();
      const { start, operate, end, engine, errors } = await open({ one: call.run, other: () => null });
      const { id } = await start(TWO);
      const signal = await call.called;
      await operate(id, command);
      expect(signal.aborted).toBe(true);
      call.end('too late');
      const { types } = await end(id);
      await engine.drained(() => true, 10_000);
      expect(types[2]).toBe(type);
      expect(types.filter((found) => found === 'step.completed').length).toBeLessThan(3);
      expect(errors).toEqual([]);
    },
  );

  test('completes a step that nobody serves, of an execution that another process began', async () => {
    const log = await temporaryLog();
    const first = openEngine({ log, activities: {} });
    const { id } = await first.start('workflow: unserved\nactivities:\n  - name: one\n');
    const other = openEngine({ log, ids: countingIds(0.5, 9), activities: {} });
    const command = { type: 'complete_step', step: 'one', output: null, reason } as const;
    await other.engine.executions.handle(id, command, CALLER);
    expect((await other.end(id)).types.slice(2)).toEqual(['step.completed', 'execution.completed']);
  });
});

describe('a retry', () => {
  test('goes on with a failed execution, whoever ran it before', async () => {
    const log = await temporaryLog();
    const broken: Run = () => {
      throw new Error('not yet');
    };
    const ONE = 'workflow: one\nactivities:\n  - name: one\n';
    const first = openEngine({ log, activities: { one: broken } });
    const { id, state } = await first.run(ONE);
    expect(state.status).toBe('failed');
    const other = openEngine({ log, ids: countingIds(0.5, 9), activities: { one: () => 'now' } });
    await other.engine.executions.handle(id, { type: 'retry', reason }, CALLER);
    const { types, state: after } = await other.end(id);
    expect(types.slice(4)).toEqual([
      'execution.retried',
      'step.started',
      'step.completed',
      'execution.completed',
    ]);
    expect(after.steps['one']).toMatchObject({ attempt: 2, output: 'now' });
  });
});

describe('a cancellation that undoes', () => {
  test('tells the call under way to end, undoes what was done, and ends as cancelled', async () => {
    const call = held();
    const undone: string[] = [];
    const { start, operate, end } = await open({
      book: () => 'B-1',
      pay: call.run,
      give_back: (_ctx, input) => void undone.push(JSON.stringify(input)),
    });
    const { id } = await start(`
workflow: trip
activities: [{ name: book }, { name: pay }]
compensation: {}
compensation_activities: { book: { activity: give_back, params: { what: "\${output}", why: "\${error.message}" } } }
`);
    const signal = await call.called;
    await operate(id, { type: 'cancel', reason, compensate: true });
    expect(signal.aborted).toBe(true);
    const { types, state, events } = await end(id);
    expect([state.status, undone]).toEqual(['cancelled', [`{"what":"B-1","why":"${reason}"}`]]);
    expect(types.slice(4)).toEqual([
      'step.cancelled',
      'saga.compensating',
      'step.compensating',
      'step.compensated',
      'execution.cancelled',
    ]);
    expect(events.at(-1)).toMatchObject({
      facts: { from: 'compensating', uncompensated: [] },
      payload: { reason },
    });
  });
});
