import { describe, expect, test } from 'vitest';
import { CALLER } from '../spec/engine.ts';
import { faultyLog } from '../spec/faulty-log.ts';
import { passTime } from '../spec/pass-time.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { ANN, openCommands, WAITING } from './commands.ts';
import { commitsOf, metadataOf } from './stored.ts';

const open = async (yaml = WAITING) => {
  const under = await openCommands();
  const { definition, workflow } = await under.register(yaml);
  const { executionId: id } = await under.startExecution(workflow);
  const latest = async () => (await commitsOf(under.log, `execution-${id}`)).at(-1);
  return { ...under, id, definition, latest };
};

describe('signalling an execution', () => {
  test('that waits for it stores it and what follows, on behalf of whoever sent it', async () => {
    const { id, signal, definition, latest, log, clock } = await open();
    clock.advance(4_000);
    expect(await signal(id, 'go', { by: 'Bob' })).toEqual({ position: await log.end() });
    expect(await latest()).toEqual({
      metadata: metadataOf(ANN, id, clock.now(), definition),
      events: [
        {
          type: 'signal.received',
          facts: { workflow: 'waiting', signal: 'go', step: 'rest' },
          payload: { payload: { by: 'Bob' } },
        },
        {
          type: 'step.completed',
          facts: { workflow: 'waiting', step: 'rest', activity: 'wait', attempt: 1, duration: 4_000 },
          payload: { output: { by: 'Bob' } },
        },
        {
          type: 'execution.completed',
          facts: {
            workflow: 'waiting',
            definition,
            startedAt: clock.now() - 4_000,
            duration: 4_000,
            from: 'running',
          },
        },
      ],
    });
  });

  test('keeps it in the tenant of the execution, whoever sends it', async () => {
    const { id, signal, definition, latest, clock } = await open();
    await signal(id, 'go', null, CALLER);
    expect((await latest())?.metadata).toEqual(
      metadataOf(
        { ...CALLER, tenant: ANN.tenant, traceparent: ANN.traceparent },
        id,
        clock.now(),
        definition,
      ),
    );
  });

  test('that does not wait for it keeps it for a step that will', async () => {
    const { id, signal, latest, end } = await open(`
workflow: later
activities:
  - name: first
    wait: { signal: one }
  - name: second
    wait: { signal: two }
`);
    await signal(id, 'two', 'early');
    expect((await latest())?.events).toEqual([
      {
        type: 'signal.received',
        facts: { workflow: 'later', signal: 'two', step: '' },
        payload: { payload: 'early' },
      },
    ]);
    await signal(id, 'one', 'now');
    expect((await end(id)).state).toMatchObject({
      status: 'completed',
      steps: { first: { output: 'now' }, second: { output: 'early' } },
    });
  });

  test('twice is kept twice: a signal has no key', async () => {
    const { id, signal, engine } = await open();
    await signal(id, 'other', 1);
    await signal(id, 'other', 1);
    expect((await engine.executions.load(id))?.state.signals).toEqual({ other: [1, 1] });
  });

  test('that is being undone keeps it and goes on with the undoing', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { register, startExecution, signal, end } = await openCommands({
      activities: {
        book: () => 'seat',
        pay: () => Promise.reject(new Error('no money')),
        cancel: () => promise,
      },
    });
    await register(`
workflow: saga
activities: [{ name: book }, { name: pay }]
compensation: {}
compensation_activities: { book: { activity: cancel } }
error_handling: { workflow_error: { strategy: compensate } }
`);
    const { executionId } = await startExecution('saga');
    await signal(executionId, 'go', 'on');
    resolve();
    const { state } = await end(executionId);
    expect([state.status, state.signals]).toEqual(['compensated', { go: ['on'] }]);
  });
});

describe('signals at the same time', () => {
  test('are carried out one after the other, each with one append', async () => {
    const log = faultyLog(await temporaryLog());
    const { register, startExecution, signal, clock, engine } = await openCommands({ log });
    await register(WAITING);
    const { executionId: id } = await startExecution('waiting');
    log.fail('append', 'before');
    const signalled = Promise.all([1, 2, 3].map((n) => signal(id, 'kept', n)));
    await clock.armed(clock.now() + 100);
    expect(log.met).toBe(1);
    log.fail('read', 'before');
    await passTime(clock, signalled);
    expect((await engine.executions.load(id))?.state.signals).toEqual({ kept: [1, 2, 3] });
    expect(log.met, 'nothing had to be read').toBe(1);
  });

  test('are carried out also behind one that is refused', async () => {
    const under = await openCommands({ maxPayload: 1_024 });
    await under.register(WAITING);
    const { executionId: id } = await under.startExecution('waiting');
    const sent = await Promise.allSettled(
      ['x'.repeat(2_000), 'b'].map((text) => under.signal(id, 'kept', text)),
    );
    expect(sent.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect((await under.engine.executions.load(id))?.state.signals).toEqual({ kept: ['b'] });
  });
});

describe('signalling is refused', () => {
  test('when there is no such execution', async () => {
    const { signal, store } = await openCommands();
    await store.thenRefused(() => signal('nobody', 'go'), {
      name: 'Rejection',
      code: 'EXECUTION_NOT_FOUND',
      message: 'Expected the id of an execution, but there is none with "nobody".',
      details: { field: 'executionId', found: 'nobody' },
    });
  });

  test.for(['completed', 'cancelled'] as const)('when the execution is %s', async (status) => {
    const { id, signal, cancel, end, store } = await open();
    await (status === 'completed' ? signal(id, 'go') : cancel(id));
    await end(id);
    await store.thenRefused(() => signal(id, 'go'), {
      code: 'EXECUTION_ENDED',
      message: `Expected an execution that is active, but ${id} is ${status}.`,
      details: { field: 'executionId', found: status, expected: 'running, compensating or paused' },
    });
  });
});
