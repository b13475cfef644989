import { describe, expect, test } from 'vitest';
import { CancelExecution, type Cancelled } from '../../src/commands/cancel-execution.ts';
import { CancelExecutionHandler } from '../../src/commands/cancel-execution.handler.ts';
import { ANN, openCommands, WAITING } from './commands.ts';

const CANCEL = { type: 'cancel', reason: 'enough' } as const;
const TERMINATE = { type: 'terminate', reason: 'enough' } as const;

const SAGA = `
workflow: saga
activities: [{ name: book }, { name: rest, wait: { signal: go } }, { name: pay }]
compensation: {}
compensation_activities: { book: { activity: give_back } }
error_handling: { workflow_error: { strategy: compensate } }
`;

const FAILING = 'workflow: failing\nactivities: [{ name: pay }]\n';

const open = async (yaml = WAITING) => {
  const undoing = Promise.withResolvers<void>();
  let paid = 0;
  const under = await openCommands({
    activities: {
      book: () => 'seat',
      pay: () => ((paid += 1) === 1 ? Promise.reject(new Error('no money')) : undoing.promise),
      give_back: () => undoing.promise,
    },
  });
  const { workflow } = await under.register(yaml);
  const { executionId: id } = await under.startExecution(workflow);
  const { executions } = under.engine;
  const ending = new CancelExecutionHandler(executions, under.clock);
  const call = (how: CancelExecution['how'] = CANCEL): Promise<Cancelled> =>
    ending.execute(new CancelExecution(id, how, ANN));
  return { ...under, id, call, executions, undo: undoing.resolve };
};

describe('a call to end an execution answers', () => {
  test.for([CANCEL, TERMINATE])('that it is cancelled: by $type', async (how) => {
    const { id, call, log } = await open();
    expect(await call(how)).toEqual({
      outcome: 'cancelled',
      executionId: id,
      status: 'cancelled',
      position: await log.end(),
      changed: true,
    });
  });

  test.for([CANCEL, TERMINATE])('that it had ended before, and stores nothing: by $type', async (how) => {
    const { id, call, signal, log, store } = await open();
    await signal(id, 'go');
    expect(await store.thenAddsNothing(() => call(how))).toEqual({
      outcome: 'already_ended',
      executionId: id,
      status: 'completed',
      position: await log.end(),
      changed: false,
    });
  });

  test('that what it did is undone first, once', async () => {
    const { call, end, id, store, undo } = await open(SAGA);
    const how = { ...CANCEL, compensate: true };
    expect(await call(how)).toMatchObject({ outcome: 'cancelled', status: 'compensating', changed: true });
    expect(await store.thenAddsNothing(() => call(how))).toMatchObject({
      outcome: 'cancelled',
      status: 'compensating',
      changed: false,
    });
    undo();
    expect((await end(id)).state.status).toBe('cancelled');
    expect(await call(how)).toMatchObject({ outcome: 'already_ended', status: 'cancelled' });
  });

  test('that it is being undone for another reason, until it is terminated', async () => {
    const { id, call, executions, signal, store, undo } = await open(SAGA);
    await signal(id, 'go');
    await expect
      .poll(async () => (await executions.load(id))?.state.status, { interval: 5 })
      .toBe('compensating');
    const told = await store.thenAddsNothing(() => call());
    expect(told).toMatchObject({ outcome: 'being_undone', status: 'compensating', changed: false });
    expect(told.position).toBe((await executions.load(id))?.position);
    expect(await call(TERMINATE)).toMatchObject({ outcome: 'cancelled', status: 'cancelled' });
    undo();
  });

  test('that it is cancelled when it was retried between the refusal and the answer', async () => {
    const { id, end, clock, executions, operate } = await open(FAILING);
    await end(id);
    const racing = new CancelExecutionHandler(
      {
        ...executions,
        reach: async (...which) => {
          await operate(id, { type: 'retry', reason: 'again' });
          return executions.reach(...which);
        },
      },
      clock,
    );
    const answer = await racing.execute(new CancelExecution(id, CANCEL, ANN));
    expect(answer).toMatchObject({ outcome: 'cancelled', status: 'cancelled', changed: true });
  });

  test('with an error when there is none', async () => {
    const { executions, clock } = await open();
    const ending = new CancelExecutionHandler(executions, clock);
    await expect(ending.execute(new CancelExecution('nobody', CANCEL, ANN))).rejects.toMatchObject({
      code: 'EXECUTION_NOT_FOUND',
    });
  });
});
