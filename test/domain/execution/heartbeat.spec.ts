import { describe, expect, test } from 'vitest';
import { attemptInput } from '../../../src/domain/execution/pending.ts';
import { stepOf } from '../../../src/domain/execution/state.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';

const copy = define(`
workflow: copy
activities:
  - name: copy
    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }
    fallback: { activity: copy_slowly }
  - name: tell
    next: copy
    max_visits: 2
`);

const heartbeat = (progress: number, attempt = 1) =>
  ({ type: 'heartbeat', step: 'copy', attempt, progress }) as const;
const begun = () => given(copy).after(start());
const retried = () =>
  begun()
    .after(heartbeat(7))
    .after(failed('copy'))
    .after({ type: 'fire_timer', step: 'copy', dueAt: 1_000 }, { now: 1_000 });
const progressOf = ({ state }: ReturnType<typeof given>) => stepOf(state, 'copy')?.progress;

describe('a heartbeat', () => {
  test('is recorded with its progress, of the attempt that is under way', () => {
    begun()
      .when(heartbeat(7))
      .thenEvents({
        type: 'step.heartbeat',
        facts: { workflow: 'copy', step: 'copy', activity: 'copy', attempt: 1 },
        payload: { progress: 7 },
      });
  });

  test('changes nothing else', () => {
    const { progress, ...step } = stepOf(begun().after(heartbeat(7)).state, 'copy') ?? {};
    expect(progress).toBe(7);
    expect(step).toEqual(stepOf(begun().state, 'copy'));
  });

  test('of an attempt that is not under way is not heard', () => {
    begun().when(heartbeat(7, 2)).thenNothing();
    begun().after(failed('copy')).when(heartbeat(7)).thenNothing();
    begun().after(completed('copy')).when(heartbeat(7)).thenNothing();
    given(copy).when(heartbeat(7)).thenNothing();
  });

  test('counts for the next attempt, until another has come', () => {
    expect(progressOf(retried())).toBe(7);
    expect(progressOf(retried().after(heartbeat(9, 2)))).toBe(9);
  });

  test('counts for the next attempt when that is made by hand, too', () => {
    const byHand = { type: 'retry', reason: 'once more' } as const;
    const stopped = { type: 'terminate', reason: 'enough' } as const;
    const alone = define('workflow: copy\nactivities:\n  - name: copy\n');
    const over = given(alone).after(start()).after(heartbeat(7)).after(failed('copy'));
    expect(over.state.status).toBe('failed');
    over.when(byHand).thenTypes('execution.retried', 'step.started');
    expect(progressOf(over.after(byHand))).toBe(7);
    over.after(byHand).after(completed('copy', 2)).whenRefused(stopped, 'EXECUTION_ENDED');
    expect(progressOf(over.after(byHand).after(heartbeat(9, 2)).after(failed('copy', 2)).after(byHand))).toBe(
      9,
    );
  });

  test('counts for what was under way beside the step that failed, too', () => {
    const both = define(`
workflow: copy
activities:
  - name: both
    parallel: { branches: { left: [{ name: copy }], right: [{ name: pay }] } }
`);
    const [left, right] = ['both[left].copy', 'both[right].pay'];
    const retriedRun = given(both)
      .after(start())
      .after({ type: 'heartbeat', step: left ?? '', attempt: 1, progress: 7 })
      .after(failed(right ?? ''))
      .after({ type: 'retry', reason: 'once more' });
    expect(stepOf(retriedRun.state, left ?? '')).toMatchObject({
      status: 'running',
      attempt: 2,
      progress: 7,
    });
    expect(stepOf(retriedRun.state, right ?? '')).not.toHaveProperty('progress');
  });

  test('of a fallback’s activity does not count for the step’s own when that is retried by hand', () => {
    const falling = retried().after(failed('copy', 2)).after(heartbeat(8, 3));
    expect(progressOf(falling)).toBe(8);
    const over = falling
      .after(failed('copy', 3))
      .after({ type: 'fire_timer', step: 'copy', dueAt: 1_000 }, { now: 1_000 })
      .after(failed('copy', 4));
    expect(over.state.status).toBe('failed');
    const again = over.after({ type: 'retry', reason: 'once more' });
    expect(stepOf(again.state, 'copy')).toMatchObject({ activity: 'copy', status: 'running' });
    expect(progressOf(again)).toBeUndefined();
  });

  test('counts neither for the fallback’s activity nor when the run comes to the step again', () => {
    const falling = retried().after(failed('copy', 2));
    expect(stepOf(falling.state, 'copy')).toMatchObject({ activity: 'copy_slowly', status: 'running' });
    expect(progressOf(falling)).toBeUndefined();
    const again = begun().after(heartbeat(7)).after(completed('copy')).after(completed('tell'));
    expect(stepOf(again.state, 'copy')).toMatchObject({ visit: 2, status: 'running' });
    expect(progressOf(again)).toBeUndefined();
  });

  test('is no input', () => {
    const [event] = begun().when(heartbeat(7)).events;
    if (event === undefined) throw new Error('Expected an event.');
    expect(attemptInput(begun().state, event)).toEqual({});
  });
});
