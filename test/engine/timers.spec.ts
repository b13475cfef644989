import { describe, expect, test } from 'vitest';
import { openEngine, seen } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const signal = (name: string, payload: string) => ({ type: 'signal', signal: name, payload }) as const;

const APPROVAL = `
workflow: approval
activities:
  - name: ask
    wait: { signal: approved, timeout: 1h }
    output: { by: "\${output}" }
`;

describe('a retry', () => {
  test('comes after the delay that was drawn and recorded, once the clock says so', async () => {
    let calls = 0;
    const { start, end, clock } = openEngine({
      log: await temporaryLog(),
      ids: countingIds(0.75),
      activities: {
        work: () => {
          calls += 1;
          if (calls < 3) throw new Error('busy');
          return calls;
        },
      },
    });
    const { id } = await start(
      'workflow: retried\nactivities:\n  - name: work\n    retry: { max_attempts: 3, backoff: { initial: 1s, multiplier: 2, jitter: 0.2 } }\n',
    );
    const began = clock.now();
    await clock.armed(began + 1_100);
    clock.advance(1_099);
    expect(calls).toBe(1);
    clock.advance(1);
    await clock.armed(began + 1_100 + 2_200);
    clock.advance(2_200);
    const { state, events } = await end(id);
    expect(
      events.filter(({ type }) => type === 'step.retry_scheduled').map(({ facts }) => facts),
    ).toMatchObject([
      { attempt: 1, delay: 1_100, dueAt: began + 1_100 },
      { attempt: 2, delay: 2_200, dueAt: began + 3_300 },
    ]);
    expect(state.steps['work']).toMatchObject({ status: 'completed', attempt: 3, output: 3 });
  });
});

describe('a wait', () => {
  test('for a time ends when it has passed, on the clock', async () => {
    const { start, end, clock } = openEngine({ log: await temporaryLog(), activities: {} });
    const { id } = await start('workflow: rest\nactivities:\n  - name: rest\n    wait: { for: 30d }\n');
    const began = clock.now();
    expect(clock.due).toEqual([began + 30 * 86_400_000]);
    clock.advance(30 * 86_400_000);
    const { state, events } = await end(id);
    expect(state.status).toBe('completed');
    expect(events.at(-1)?.facts).toMatchObject({ duration: 30 * 86_400_000 });
    expect(clock.due).toEqual([]);
  });

  test('for a signal ends when it comes, and its time-out is let go', async () => {
    const { start, end, engine, clock } = openEngine({ log: await temporaryLog(), activities: {} });
    const { id } = await start(APPROVAL);
    expect(clock.due).toHaveLength(1);
    await engine.executions.handle(id, signal('other', 'nobody'));
    await engine.executions.handle(id, signal('approved', 'Ann'));
    const { state } = await end(id);
    expect(state).toMatchObject({
      status: 'completed',
      variables: { by: 'Ann' },
      signals: { other: ['nobody'] },
    });
    expect(clock.due).toEqual([]);
  });

  test('for a signal that came before ends at once, the oldest first', async () => {
    const log = await temporaryLog();
    let release: () => void = () => undefined;
    const { start, end, engine } = openEngine({
      log,
      activities: { work: () => new Promise<void>((resolve) => (release = resolve)) },
    });
    const { id } = await start(APPROVAL.replace('activities:', 'activities:\n  - name: work'));
    await engine.executions.handle(id, signal('approved', 'Ann'));
    await engine.executions.handle(id, signal('approved', 'Bob'));
    release();
    const { state, types } = await end(id);
    expect(state).toMatchObject({
      status: 'completed',
      variables: { by: 'Ann' },
      signals: { approved: ['Bob'] },
    });
    expect(types).not.toContain('timer.scheduled');
  });

  test('for a signal that does not come fails with Timeout', async () => {
    const { start, end, clock } = openEngine({ log: await temporaryLog(), activities: {} });
    const { id } = await start(APPROVAL);
    clock.advance(3_600_000);
    expect((await end(id)).state).toMatchObject({
      status: 'failed',
      steps: { ask: { error: { type: 'Timeout', details: { kind: 'signal', signal: 'approved' } } } },
    });
  });

  test('that ends when the one before it would have is not forgotten', async () => {
    const log = await temporaryLog();
    const { start, end, engine, clock } = openEngine({ log, activities: {} });
    const until = new Date(clock.now() + 3_600_000).toISOString();
    const { id } = await start(`${APPROVAL}  - name: rest\n    wait: { until: "${until}" }\n`);
    await engine.executions.handle(id, signal('approved', 'Ann'));
    await seen(log, id, ({ type, facts }) => type === 'timer.scheduled' && facts.step === 'rest');
    clock.advance(3_600_000);
    expect((await end(id)).state.status).toBe('completed');
  });
});

describe('cancelling', () => {
  test('aborts the call that is under way, and its result is ignored', async () => {
    const answers: ((value: string) => void)[] = [];
    const signals: AbortSignal[] = [];
    const { start, end, engine, clock, errors } = openEngine({
      log: await temporaryLog(),
      activities: {
        work: ({ signal: aborted }) => {
          signals.push(aborted);
          return new Promise((resolve) => answers.push(resolve));
        },
      },
    });
    const { id } = await start(
      'workflow: cancelled\nactivities:\n  - name: work\n  - name: more\n    activity: work\n',
    );
    expect(engine.running).toBe(1);
    await engine.executions.handle(id, { type: 'cancel', reason: 'changed my mind' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    answers[0]?.('done after all');
    const { types, events } = await end(id);
    await engine.drain(1_000);
    expect(types).toEqual(['execution.started', 'step.started', 'execution.cancelled']);
    expect(events.at(-1)?.payload).toEqual({ reason: 'changed my mind' });
    expect([engine.running, answers.length, errors, clock.due]).toEqual([0, 1, [], []]);
  });

  test('ends a wait, and is refused once there is nothing to cancel', async () => {
    const { start, end, engine, clock } = openEngine({ log: await temporaryLog(), activities: {} });
    const { id } = await start(APPROVAL);
    const cancel = () => engine.executions.handle(id, { type: 'cancel', reason: 'no' });
    await cancel();
    expect((await end(id)).state.status).toBe('cancelled');
    expect(clock.due).toEqual([]);
    await expect(cancel()).rejects.toMatchObject({
      code: 'EXECUTION_ENDED',
      details: { found: 'cancelled' },
    });
    await expect(engine.executions.handle('nobody', { type: 'cancel', reason: 'no' })).rejects.toMatchObject({
      code: 'EXECUTION_NOT_FOUND',
    });
  });
});
