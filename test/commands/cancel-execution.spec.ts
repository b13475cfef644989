import { describe, expect, test } from 'vitest';
import { countingIds } from '../spec/ids.ts';
import { CALLER } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { ANN, openCommands, WAITING } from './commands.ts';
import { commitsOf, metadataOf } from './stored.ts';

const open = async () => {
  const under = await openCommands();
  const { definition } = await under.register(WAITING);
  const { executionId: id } = await under.startExecution('waiting');
  return { ...under, id, definition };
};

describe('cancelling an execution', () => {
  test('ends it, and stores who did so and why', async () => {
    const { id, cancel, definition, log, clock, end } = await open();
    clock.advance(90_000);
    expect(await cancel(id, 'ordered twice')).toEqual({ position: await log.end(), changed: true });
    const commits = await commitsOf(log, `execution-${id}`);
    expect(commits).toHaveLength(2);
    expect(commits[1]).toEqual({
      metadata: metadataOf(ANN, id, clock.now(), definition),
      events: [
        {
          type: 'execution.cancelled',
          facts: {
            workflow: 'waiting',
            definition,
            startedAt: clock.now() - 90_000,
            duration: 90_000,
            from: 'running',
          },
          payload: { reason: 'ordered twice' },
        },
      ],
    });
    expect((await end(id)).state).toMatchObject({ status: 'cancelled', completed: [] });
  });

  test('keeps it in its tenant, whoever cancels it', async () => {
    const { id, cancel, definition, log, clock } = await open();
    await cancel(id, '', CALLER);
    const commits = await commitsOf(log, `execution-${id}`);
    expect(commits[1]?.metadata).toEqual(
      metadataOf(
        { ...CALLER, tenant: ANN.tenant, traceparent: ANN.traceparent },
        id,
        clock.now(),
        definition,
      ),
    );
  });

  test('that waits for a signal lets the signal come too late', async () => {
    const { id, cancel, signal, store } = await open();
    await cancel(id);
    await store.thenRefused(() => signal(id, 'go'), {
      code: 'EXECUTION_ENDED',
      details: { found: 'cancelled' },
    });
  });

  test('of another process ends it there too', async () => {
    const log = await temporaryLog();
    const there = await openCommands({ log, ids: countingIds(0.5, 1) });
    await there.register(WAITING);
    const { executionId } = await there.startExecution('waiting');
    const here = await openCommands({ log, ids: countingIds(0.5, 2) });
    await here.cancel(executionId, 'from elsewhere');
    await there.store.thenRefused(() => there.signal(executionId, 'go'), { code: 'EXECUTION_ENDED' });
    await there.engine.ended(executionId);
    expect(await commitsOf(log, `execution-${executionId}`)).toHaveLength(2);
  });
});

describe('cancelling is refused', () => {
  test('when there is no such execution', async () => {
    const { cancel, store } = await openCommands();
    await store.thenRefused(() => cancel('nobody'), {
      name: 'Rejection',
      code: 'EXECUTION_NOT_FOUND',
      details: { field: 'executionId', found: 'nobody' },
    });
  });

  test('when it was cancelled already: the first reason stands', async () => {
    const { id, cancel, store, log } = await open();
    await cancel(id, 'first');
    await store.thenRefused(() => cancel(id, 'second'), {
      code: 'EXECUTION_ENDED',
      message: `Expected an execution that is active, but ${id} is cancelled.`,
      details: { field: 'executionId', found: 'cancelled', expected: 'running, compensating or paused' },
    });
    expect((await commitsOf(log, `execution-${id}`)).at(-1)?.events[0]?.payload).toEqual({ reason: 'first' });
  });

  test('when it completed before', async () => {
    const { id, cancel, signal, store } = await open();
    await signal(id, 'go');
    await store.thenRefused(() => cancel(id), { code: 'EXECUTION_ENDED', details: { found: 'completed' } });
  });

  test('of all but one of those who cancel it at the same time', async () => {
    const { id, cancel, log } = await open();
    const settled = await Promise.allSettled(['a', 'b', 'c'].map((reason) => cancel(id, reason)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await commitsOf(log, `execution-${id}`)).toHaveLength(2);
  });
});
