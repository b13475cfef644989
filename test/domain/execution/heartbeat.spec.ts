import { describe, expect, test } from 'vitest';
import { attemptInput } from '../../../src/domain/execution/pending.ts';
import { progressOf, stepOf } from '../../../src/domain/execution/state.ts';
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
const byHand = { type: 'retry', reason: 'once more' } as const;
/** After both attempts of an activity have failed, the first of which has a number. */
const fallen = (before: ReturnType<typeof given>, attempt: number) =>
  before
    .after(failed('copy', attempt))
    .after({ type: 'fire_timer', step: 'copy', dueAt: 1_000 }, { now: 1_000 })
    .after(failed('copy', attempt + 1));
/** What the activity that is called now is told. */
const told = ({ state }: ReturnType<typeof given>) =>
  progressOf(state, 'copy', stepOf(state, 'copy')?.activity ?? '');

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
    expect(progress).toEqual({ copy: 7 });
    expect(step).toEqual(stepOf(begun().state, 'copy'));
  });

  test('of an attempt that is not under way is not heard', () => {
    begun().when(heartbeat(7, 2)).thenNothing();
    begun().after(failed('copy')).when(heartbeat(7)).thenNothing();
    begun().after(completed('copy')).when(heartbeat(7)).thenNothing();
    given(copy).when(heartbeat(7)).thenNothing();
  });

  test('counts for the next attempt, until another has come', () => {
    expect(told(retried())).toBe(7);
    expect(told(retried().after(heartbeat(9, 2)))).toBe(9);
  });

  test('counts for the next attempt when that is made by hand, too', () => {
    const stopped = { type: 'terminate', reason: 'enough' } as const;
    const alone = define('workflow: copy\nactivities:\n  - name: copy\n');
    const over = given(alone).after(start()).after(heartbeat(7)).after(failed('copy'));
    expect(over.state.status).toBe('failed');
    over.when(byHand).thenTypes('execution.retried', 'step.started');
    expect(told(over.after(byHand))).toBe(7);
    over.after(byHand).after(completed('copy', 2)).whenRefused(stopped, 'EXECUTION_ENDED');
    expect(told(over.after(byHand).after(heartbeat(9, 2)).after(failed('copy', 2)).after(byHand))).toBe(9);
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
      .after(byHand);
    expect(stepOf(retriedRun.state, left ?? '')).toMatchObject({
      status: 'running',
      attempt: 2,
      progress: { copy: 7 },
    });
    expect(stepOf(retriedRun.state, right ?? '')).not.toHaveProperty('progress');
  });

  test('counts for the step’s own activity when the run is retried by hand after its fallback has failed', () => {
    const falling = retried().after(failed('copy', 2)).after(heartbeat(8, 3));
    expect(told(falling)).toBe(8);
    const over = fallen(falling, 3);
    expect(over.state.status).toBe('failed');
    const again = over.after(byHand);
    expect(stepOf(again.state, 'copy')).toMatchObject({ activity: 'copy', status: 'running' });
    expect(told(again)).toBe(7);
  });

  test('of a fallback’s activity counts for that alone when the run is retried by hand', () => {
    const over = fallen(fallen(begun(), 1).after(heartbeat(8, 3)), 3);
    expect(over.state.status).toBe('failed');
    const again = over.after(byHand);
    expect(stepOf(again.state, 'copy')).toMatchObject({ activity: 'copy', status: 'running' });
    expect(told(again)).toBeUndefined();
    const falling = fallen(again, 5);
    expect(stepOf(falling.state, 'copy')).toMatchObject({ activity: 'copy_slowly', status: 'running' });
    expect(told(falling)).toBe(8);
    expect(told(falling.after(heartbeat(9, 7)))).toBe(9);
  });

  test('of a fallback’s activity is forgotten, too, when the run comes to the step again', () => {
    const over = retried().after(failed('copy', 2)).after(heartbeat(8, 3)).after(completed('copy', 3));
    expect(stepOf(over.state, 'copy')).not.toHaveProperty('progress');
    const again = over.after(completed('tell'));
    expect(stepOf(again.state, 'copy')).toMatchObject({ visit: 2, status: 'running' });
    expect(stepOf(again.state, 'copy')).not.toHaveProperty('progress');
  });

  test('is told an activity by its whole name, whatever objects have of their own', () => {
    const odd = define(`
workflow: copy
activities:
  - name: copy
    fallback: { activity: constructor }
`);
    const falling = given(odd).after(start()).after(heartbeat(7)).after(failed('copy'));
    expect(stepOf(falling.state, 'copy')).toMatchObject({ activity: 'constructor', status: 'running' });
    expect(told(falling)).toBeUndefined();
    expect(told(falling.after(heartbeat(8, 2)))).toBe(8);
  });

  test('counts neither for the fallback’s activity nor when the run comes to the step again', () => {
    const falling = retried().after(failed('copy', 2));
    expect(stepOf(falling.state, 'copy')).toMatchObject({ activity: 'copy_slowly', status: 'running' });
    expect(told(falling)).toBeUndefined();
    const again = begun().after(heartbeat(7)).after(completed('copy')).after(completed('tell'));
    expect(stepOf(again.state, 'copy')).toMatchObject({ visit: 2, status: 'running' });
    expect(told(again)).toBeUndefined();
  });

  test('is no input', () => {
    const [event] = begun().when(heartbeat(7)).events;
    if (event === undefined) throw new Error('Expected an event.');
    expect(attemptInput(begun().state, event)).toEqual({});
  });
});
