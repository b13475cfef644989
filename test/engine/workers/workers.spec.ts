import { describe, expect, it } from 'vitest';
import { historyOf, openEngine, seen } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { claimOf, oneOf, openWorkers } from './opened.ts';

const SCAN =
  'workflow: scan\nactivities:\n  - name: scan\n    input: { page: 1 }\n    output: { text: "${output.text}" }\n';
const AGAIN = `${SCAN}    timeout: { attempt: 1h, heartbeat: 10s }\n    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }\n`;

describe('a step whose activity no node serves', () => {
  it('is taken by a worker, and goes on with what that came to', async () => {
    const { queued, workers, end, log } = await openWorkers();
    const id = await queued(SCAN);
    const given = await oneOf(workers);
    expect(given).toEqual({
      token: expect.any(String) as string,
      executionId: id,
      workflow: 'scan',
      step: 'scan',
      activity: 'scan',
      attempt: 1,
      idempotencyKey: `${id}:scan`,
      traceparent: expect.any(String) as string,
      progress: undefined,
      input: { page: 1 },
      heartbeat: 30_000,
      timeout: expect.any(Number) as number,
    });
    const started = (await historyOf(log, id)).find(({ type }) => type === 'step.started');
    expect(started?.facts).toMatchObject({
      worker: 'w1',
      fence: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(JSON.stringify(started)).not.toContain(given.token);
    const done = { status: 'completed', errorType: undefined };
    expect(await workers.complete(given.token, { text: 'hello' })).toEqual(done);
    expect((await end(id)).state).toMatchObject({ status: 'completed', variables: { text: 'hello' } });
  });

  it('is given to a worker that waits already', async () => {
    const { start, workers, end } = await openWorkers();
    const claimed = claimOf(workers);
    const { id } = await start(SCAN);
    const [given] = await claimed;
    await workers.complete(given?.token ?? '', { text: '' });
    expect((await end(id)).types).toEqual([
      'execution.started',
      'step.queued',
      'step.started',
      'step.completed',
      'execution.completed',
    ]);
  });

  it('is given to one of two workers, and another to the other', async () => {
    const { queued, workers } = await openWorkers();
    const both = Promise.all([claimOf(workers), claimOf(workers, { worker: 'w2', max: 3 })]);
    const ids = [await queued(SCAN), await queued(SCAN)];
    const given = (await both).flat();
    expect(given.map(({ executionId }) => executionId).sort()).toEqual(ids.sort());
  });

  it('waits on when the workers that wait serve something else, or their time is over', async () => {
    const { queued, workers, clock, types } = await openWorkers();
    const claimed = claimOf(workers, { activities: [{ name: 'other' }], wait: 1_000 });
    const id = await queued(SCAN);
    clock.advance(1_000);
    expect(await claimed).toEqual([]);
    expect(await types(id)).toEqual(['execution.started', 'step.queued']);
    expect(workers.serves('other')).toBe(true);
    expect(workers.serves('scan')).toBe(false);
  });

  it('is tried again by policy when its worker is silent for too long', async () => {
    const { queued, workers, clock, log, end } = await openWorkers();
    const id = await queued(AGAIN);
    const first = await oneOf(workers);
    expect(first.heartbeat).toBe(10_000);
    clock.advance(9_000);
    expect(await workers.heartbeat(first.token, { page: 7 })).toEqual({ stop: false, reason: undefined });
    clock.advance(9_999);
    await seen(log, id, ({ type }) => type === 'step.heartbeat');
    clock.advance(1);
    const failed = await seen(log, id, ({ type }) => type === 'step.retry_scheduled');
    expect(failed).toMatchObject({ payload: { error: { type: 'Timeout', details: { kind: 'heartbeat' } } } });
    await expect(workers.complete(first.token, { text: 'late' })).rejects.toMatchObject({
      code: 'ATTEMPT_OVER',
    });
    expect(await workers.heartbeat(first.token, undefined)).toEqual({ stop: true, reason: 'lost' });
    const claimed = oneOf(workers, { worker: 'w2' });
    clock.advance(1_000);
    const second = await claimed;
    expect(second).toMatchObject({ attempt: 2, progress: { page: 7 }, idempotencyKey: first.idempotencyKey });
    await workers.complete(second.token, { text: 'b' });
    expect((await end(id)).state.variables).toEqual({ text: 'b' });
  });

  it('fails as its worker says', async () => {
    const { queued, workers, end } = await openWorkers();
    const id = await queued(AGAIN);
    const { token } = await oneOf(workers);
    const failure = { type: 'Unreadable', message: 'no text', details: { page: 1 }, nonRetryable: true };
    expect(await workers.fail(token, failure)).toEqual({ status: 'failed', errorType: 'Unreadable' });
    const error = { type: 'Unreadable', message: 'no text', details: { page: 1 } };
    expect((await end(id)).state).toMatchObject({ status: 'failed', failure: { error } });
    await expect(workers.fail(token, failure)).rejects.toMatchObject({ code: 'ATTEMPT_OVER' });
  });

  it('has its input and its output held to what the worker says of them', async () => {
    const { queued, workers, end, log, clock } = await openWorkers();
    const number = { type: 'object', properties: { page: { type: 'string' } } };
    const text = { type: 'object', required: ['text'] };
    const id = await queued(SCAN);
    const claimed = claimOf(workers, { activities: [{ name: 'scan', input: number }], wait: 5_000 });
    await seen(log, id, ({ type }) => type === 'execution.failed');
    expect((await end(id)).state.failure?.error.type).toBe('InvalidInput');
    clock.advance(5_000);
    expect(await claimed).toEqual([]);
    const other = await queued(SCAN);
    const { token } = await oneOf(workers, { activities: [{ name: 'scan', output: text }] });
    expect(await workers.complete(token, {})).toEqual({ status: 'failed', errorType: 'InvalidOutput' });
    expect((await end(other)).state.failure?.error.type).toBe('InvalidOutput');
    const wrong = claimOf(workers, { activities: [{ name: 'scan', input: { type: 'nothing' } }] });
    await expect(wrong).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('tells its worker to stop when the execution is cancelled, and not when it is paused', async () => {
    const { queued, workers, engine } = await openWorkers();
    const id = await queued(SCAN);
    const { token } = await oneOf(workers);
    await engine.executions.handle(id, { type: 'pause', reason: '' });
    expect(await workers.heartbeat(token, undefined)).toEqual({ stop: false, reason: 'paused' });
    await engine.executions.handle(id, { type: 'cancel', reason: '' });
    expect(await workers.heartbeat(token, undefined)).toEqual({ stop: true, reason: 'cancelled' });
    await expect(workers.complete(token, null)).rejects.toMatchObject({
      code: 'ATTEMPT_OVER',
      details: { reason: 'cancelled' },
    });
  });

  it('is made again when its worker went before it was given it', async () => {
    const { start, workers, log, clock, types } = await openWorkers();
    const gone = new AbortController();
    const claimed = claimOf(workers, {}, gone.signal);
    const begun = start(`${SCAN}    retry: { max_attempts: 1 }\n`);
    gone.abort();
    const { id } = await begun;
    expect(await claimed).toEqual([]);
    // It went before anything was begun for it, or after.
    if ((await types(id)).includes('step.started')) {
      await seen(log, id, ({ type }) => type === 'step.retry_scheduled');
      clock.advance(1_000);
    }
    expect((await oneOf(workers)).executionId).toBe(id);
  });

  it('is undone by a worker too', async () => {
    const { queued, workers, end } = await openWorkers();
    const id = await queued(
      `${SCAN}  - name: stop\n    fail: { type: Own, message: no }\ncompensation_activities:\n  scan: { activity: unscan, params: { text: "\${output.text}" } }\nerror_handling: { workflow_error: { strategy: compensate } }\n`,
    );
    await workers.complete((await oneOf(workers)).token, { text: 't' });
    const undoing = await oneOf(workers, { activities: [{ name: 'unscan' }] });
    expect(undoing).toMatchObject({ step: 'scan', activity: 'unscan', input: { text: 't' } });
    expect(undoing.idempotencyKey).toBe(`${id}:scan:compensation`);
    await workers.complete(undoing.token, null);
    expect((await end(id)).state.status).toBe('compensated');
  });
});

describe('an attempt of a worker', () => {
  it('goes on when its node is another one, and its token stays good', async () => {
    const { queued, workers, all, engine, clock } = await openWorkers();
    const id = await queued(`${SCAN}    retry: { max_attempts: 1 }\n`);
    const { token } = await oneOf(workers);
    await engine.drain(0);
    await expect(workers.heartbeat(token, undefined)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const next = openEngine({ ...all, ids: countingIds(0.5, 1) });
    // Before anybody takes it up: whoever reports need not wait for that.
    expect(await next.engine.workers.heartbeat(token, undefined)).toEqual({ stop: false, reason: undefined });
    clock.advance(29_999);
    expect(await next.engine.workers.complete(token, { text: 'on' })).toMatchObject({ status: 'completed' });
    expect((await next.end(id)).state).toMatchObject({ status: 'completed', variables: { text: 'on' } });
  });

  it('fails by the next node when its worker is not heard of any more', async () => {
    const { queued, workers, all, engine, clock } = await openWorkers();
    const id = await queued(`${SCAN}    retry: { max_attempts: 1 }\n`);
    const { token } = await oneOf(workers);
    await engine.drain(0);
    const next = openEngine({ ...all, ids: countingIds(0.5, 1) });
    await next.engine.resume(id);
    clock.advance(30_000);
    expect((await next.end(id)).state.failure?.error).toMatchObject({
      type: 'Timeout',
      details: { kind: 'heartbeat' },
    });
    await expect(next.engine.workers.complete(token, null)).rejects.toMatchObject({ code: 'ATTEMPT_OVER' });
  });

  it('is not said to be over by a node that is not sure any more to have it', async () => {
    let isSure = true;
    const owned = {
      owns: () => true,
      holds: () => isSure,
      takes: () => isSure,
      whenHeld: () => Promise.resolve(isSure),
    };
    const { queued, workers } = await openWorkers({ owned });
    await queued(SCAN);
    const { token } = await oneOf(workers);
    expect(await workers.complete(token, { text: '' })).toMatchObject({ status: 'completed' });
    await expect(workers.complete(token, null)).rejects.toMatchObject({ code: 'ATTEMPT_OVER' });
    isSure = false;
    await expect(workers.complete(token, null)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is not reported with a token that is made up', async () => {
    const { queued, workers } = await openWorkers();
    await queued(SCAN);
    const { token } = await oneOf(workers);
    for (const wrong of ['', 'x', `${token.slice(0, -1)}x`, token.slice(0, token.indexOf('.') + 1)])
      await expect(workers.complete(wrong, null)).rejects.toMatchObject({ code: 'ATTEMPT_OVER' });
    expect(await workers.complete(token, { text: '' })).toMatchObject({ status: 'completed' });
  });

  it('is completed once, however often that is said', async () => {
    const { queued, workers, end } = await openWorkers();
    const id = await queued(SCAN);
    const { token } = await oneOf(workers);
    const [one, two] = [workers.complete(token, { text: 'a' }), workers.complete(token, { text: 'b' })];
    expect(await one).toEqual(await two);
    await expect(workers.complete(token, { text: 'c' })).rejects.toMatchObject({ code: 'ATTEMPT_OVER' });
    expect((await end(id)).state.variables).toEqual({ text: 'a' });
  });
});
