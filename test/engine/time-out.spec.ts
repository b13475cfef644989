import { describe, expect, test } from 'vitest';
import { openEngine } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const SLOW = 'workflow: slow\nactivities:\n  - name: work\n    timeout: { attempt: 5s }\n';
const AGAIN = `${SLOW}    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }\n`;

describe('an attempt that takes too long', () => {
  test('fails with Timeout, and its signal is aborted', async () => {
    const signals: AbortSignal[] = [];
    const { start, end, clock } = openEngine({
      log: await temporaryLog(),
      activities: {
        work: ({ signal }) => {
          signals.push(signal);
          return new Promise(() => undefined);
        },
      },
    });
    const { id } = await start(SLOW);
    clock.advance(4_999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    clock.advance(1);
    const { state, events } = await end(id);
    expect(signals.map(({ aborted, reason }) => [aborted, (reason as DOMException).name])).toEqual([
      [true, 'TimeoutError'],
    ]);
    expect(state.steps['work']?.error).toEqual({
      type: 'Timeout',
      message: 'Expected the attempt to take at most 5000 ms, but it took longer.',
      details: { kind: 'attempt' },
    });
    expect(events.find(({ type }) => type === 'step.failed')?.facts).toMatchObject({ duration: 5_000 });
    expect(clock.due).toEqual([]);
  });

  test('is not believed when it answers late, however it does', async () => {
    const late: { resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
    const { start, end, engine, clock, errors } = openEngine({
      log: await temporaryLog(),
      activities: { work: () => new Promise((resolve, reject) => late.push({ resolve, reject })) },
    });
    const { id } = await start(AGAIN);
    const began = clock.now();
    clock.advance(5_000);
    await clock.armed(began + 6_000);
    late[0]?.resolve('too late');
    clock.advance(1_000);
    await clock.armed(began + 11_000);
    clock.advance(5_000);
    const { state, types } = await end(id);
    late[1]?.reject(new Error('too late'));
    expect(types).toEqual([
      'execution.started',
      'step.started',
      'step.retry_scheduled',
      'step.started',
      'step.failed',
      'execution.failed',
    ]);
    expect(state.steps['work']).toMatchObject({ attempt: 2, error: { type: 'Timeout' } });
    expect([errors, engine.running]).toEqual([[], 0]);
  });

  test('leaves no time-out behind when its result is not wanted any more, also where it never ends', async () => {
    const { start, end, engine, clock } = openEngine({
      log: await temporaryLog(),
      activities: { work: () => new Promise(() => undefined) },
    });
    const { id } = await start(SLOW);
    await engine.executions.handle(id, { type: 'cancel', reason: 'enough' });
    expect((await end(id)).state.status).toBe('cancelled');
    expect(clock.due).toEqual([]);

    await start(SLOW);
    const drained = engine.drain(1_000);
    await clock.armed(clock.now() + 1_000);
    clock.advance(1_000);
    await drained;
    expect(clock.due).toEqual([]);
  });

  test('does not keep others waiting', async () => {
    const { start, run, end, clock } = openEngine({
      log: await temporaryLog(),
      activities: { work: () => new Promise(() => undefined), quick: () => 1 },
    });
    const { id } = await start(SLOW);
    expect((await run('workflow: other\nactivities: [{ name: quick }]')).state.status).toBe('completed');
    clock.advance(5_000);
    expect((await end(id)).state.status).toBe('failed');
  });
});
