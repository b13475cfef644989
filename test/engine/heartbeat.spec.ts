import { describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../src/ports/activities.ts';
import { CALLER, historyOf, openEngine, seen } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { handClock } from '../spec/clock.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const COPY = `
workflow: copy
activities:
  - name: copy
    timeout: { attempt: 1h, heartbeat: 10s }
    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }
`;
const UNLIMITED = 'workflow: copy\nactivities:\n  - name: copy\n    timeout: 1h\n';

/** An activity that does what the spec tells it to. */
const told = () => {
  const calls: { readonly ctx: ActivityContext; readonly end: (value: unknown) => void }[] = [];
  const run = (ctx: ActivityContext) =>
    new Promise<unknown>((end) => {
      calls.push({ ctx, end });
    });
  const call = (n: number) => {
    const found = calls[n];
    if (found === undefined) throw new Error(`Expected ${n + 1} calls, but there are ${calls.length}.`);
    return found;
  };
  return { run, call };
};

const opened = async () => {
  const log = await temporaryLog();
  const { run, call } = told();
  const parts = {
    log,
    clock: handClock(),
    ids: countingIds(),
    activities: { copy: { run, idempotent: true } },
  };
  const under = openEngine(parts);
  const progress = async (id: string) => {
    await under.engine.executions.settled();
    const events = await historyOf(log, id);
    return events.filter(({ type }) => type === 'step.heartbeat').map(({ payload }) => payload);
  };
  return { ...under, parts, log, call, progress };
};

const beats = (n: number) => (event: { readonly type: string; readonly payload?: unknown }) =>
  event.type === 'step.heartbeat' && (event.payload as { readonly progress: number }).progress === n;

describe('an attempt that says how far it is', () => {
  it('has its word recorded at once, then the latest at most once in half its time-out', async () => {
    const { start, end, call, clock, log, progress } = await opened();
    const { id } = await start(COPY);
    const { ctx, end: finish } = call(0);
    for (let n = 1; n <= 100; n += 1) ctx.heartbeat(n);
    expect(await progress(id)).toEqual([{ progress: 1 }]);
    clock.advance(4_999);
    ctx.heartbeat(101);
    expect(await progress(id)).toEqual([{ progress: 1 }]);
    clock.advance(1);
    await seen(log, id, beats(101));
    clock.advance(5_000);
    expect(await progress(id)).toEqual([{ progress: 1 }, { progress: 101 }]);
    ctx.heartbeat(102);
    await seen(log, id, beats(102));
    ctx.heartbeat(103);
    finish('done');
    expect((await end(id)).state).toMatchObject({ status: 'completed' });
    expect(await progress(id)).toHaveLength(3);
    ctx.heartbeat(104);
    expect(clock.due).toEqual([]);
  });

  it('has it recorded once in ten seconds where no heartbeat is asked for', async () => {
    const { start, call, clock, log, progress } = await opened();
    const { id } = await start(UNLIMITED);
    const { ctx } = call(0);
    ctx.heartbeat(1);
    ctx.heartbeat(2);
    clock.advance(9_999);
    expect(await progress(id)).toEqual([{ progress: 1 }]);
    clock.advance(1);
    await seen(log, id, beats(2));
  });

  it('says only that it goes on when it names no progress', async () => {
    const { start, call, clock, progress } = await opened();
    const { id } = await start(COPY);
    const { ctx } = call(0);
    for (let n = 0; n < 9; n += 1) {
      clock.advance(9_000);
      ctx.heartbeat();
    }
    expect(ctx.signal.aborted).toBe(false);
    expect(await progress(id)).toEqual([]);
  });

  it('fails with Timeout when it has been silent for too long, and the next one is told how far it was', async () => {
    const { start, end, call, clock } = await opened();
    const { id } = await start(COPY);
    const began = clock.now();
    expect(call(0).ctx.progress).toBeUndefined();
    call(0).ctx.heartbeat({ copied: 3 });
    clock.advance(9_999);
    expect(call(0).ctx.signal.aborted).toBe(false);
    clock.advance(1);
    expect(call(0).ctx.signal).toMatchObject({ aborted: true, reason: { name: 'TimeoutError' } });
    await clock.armed(began + 11_000);
    clock.advance(1_000);
    await clock.armed(began + 21_000);
    expect(call(1).ctx.progress).toEqual({ copied: 3 });
    call(0).ctx.heartbeat({ copied: 4 });
    clock.advance(10_000);
    const { state, events } = await end(id);
    expect(state.steps['copy']).toMatchObject({
      attempt: 2,
      error: { type: 'Timeout', details: { kind: 'heartbeat' } },
    });
    expect(events.map(({ type }) => type)).toEqual([
      'execution.started',
      'step.started',
      'step.heartbeat',
      'step.retry_scheduled',
      'step.started',
      'step.failed',
      'execution.failed',
    ]);
    expect(clock.due).toEqual([]);
  });

  it('is told of when the run is retried by hand, too', async () => {
    const { start, end, call, clock, engine } = await opened();
    const { id } = await start(COPY.replace('max_attempts: 2', 'max_attempts: 1'));
    call(0).ctx.heartbeat({ copied: 3 });
    clock.advance(10_000);
    await end(id);
    await engine.executions.handle(id, { type: 'retry', reason: 'once more' }, CALLER);
    await engine.executions.settled();
    expect(call(1).ctx).toMatchObject({ attempt: 2, progress: { copied: 3 } });
    call(1).end(null);
    expect((await end(id)).state.status).toBe('completed');
  });

  it('is told of by the log when its server has ended', async () => {
    const { start, call, clock, parts, engine } = await opened();
    const { id } = await start(COPY);
    const began = clock.now();
    call(0).ctx.heartbeat('half');
    await engine.executions.settled();
    const drained = engine.drain(0);
    clock.advance(0);
    await drained;
    const next = openEngine(parts);
    await next.engine.resume(id);
    await clock.armed(began);
    clock.advance(0);
    await seen(parts.log, id, ({ type, facts }) => type === 'step.started' && facts.attempt === 2);
    await next.engine.executions.settled();
    expect(call(1).ctx.progress).toBe('half');
  });

  it.each([
    ['no JSON', 1n, 'Expected progress'],
    ['too large', 'x'.repeat(600_000), 'at most 524288 bytes'],
  ])('is told by a TypeError when its progress is %s', async (_, progress, message) => {
    const { start, call, progress: recorded } = await opened();
    const { id } = await start(COPY);
    const { ctx } = call(0);
    expect(() => ctx.heartbeat(progress)).toThrow(TypeError);
    expect(() => ctx.heartbeat(progress)).toThrow(message);
    expect(await recorded(id)).toEqual([]);
  });
});
