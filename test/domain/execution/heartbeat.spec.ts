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
