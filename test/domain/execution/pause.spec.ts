import { describe, expect, test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { completed, define, failed, given, notUndone, start, undone } from '../../spec/execution.ts';

const pause: ExecutionCommand = { type: 'pause', reason: 'wait' };
const resume: ExecutionCommand = { type: 'resume', reason: 'go on' };
const signal = (name: string): ExecutionCommand => ({ type: 'signal', signal: name, payload: name });

const RETRY = 'retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }';

describe('a run that is paused', () => {
  const two = define(`workflow: two\nactivities:\n  - name: one\n    ${RETRY}\n  - name: other\n`);
  const paused = () => given(two).after(start()).after(pause, { now: 10 });

  test('says who wanted it and why, since when and for how long', () => {
    given(two)
      .after(start())
      .when(pause)
      .thenEvents({
        type: 'execution.paused',
        facts: { workflow: 'two', from: 'running' },
        payload: { reason: 'wait' },
      });
    paused()
      .when(resume, { now: 25 })
      .thenEvents({
        type: 'execution.resumed',
        facts: { workflow: 'two', to: 'running', pausedAt: 10, duration: 15 },
        payload: { reason: 'go on' },
      });
  });

  test('waits for its call, records how that ended, and begins nothing more until it is resumed', () => {
    expect(pendingOf(two, paused().state)).toMatchObject([{ kind: 'attempt', step: 'one' }]);
    paused().when(completed('one')).thenTypes('step.completed');
    const done = paused().after(completed('one'));
    expect(pendingOf(two, done.state)).toEqual([]);
    done.when({ type: 'go_on' }).thenNothing();
    done.when(resume).thenTypes('execution.resumed', 'step.started');
  });

  test('does not end before it is resumed, however its last step ended', () => {
    const last = given(two).after(start()).after(completed('one')).after(pause);
    last.when(completed('other')).thenTypes('step.completed');
    last.after(completed('other')).when(resume).thenTypes('execution.resumed', 'execution.completed');
    last.when(failed('other')).thenTypes('step.failed');
    last.after(failed('other')).when(resume).thenTypes('execution.resumed', 'execution.failed');
  });

  test('tries again when it is resumed what came due meanwhile, and what did not at its time', () => {
    const waiting = paused().after(failed('one'), { now: 20 });
    expect(pendingOf(two, waiting.state)).toEqual([]);
    const fire: ExecutionCommand = { type: 'fire_timer', step: 'one', dueAt: 1_020 };
    waiting.when(fire, { now: 1_020 }).thenNothing();
    waiting.when(resume, { now: 5_000 }).thenTypes('execution.resumed');
    const resumed = waiting.after(resume, { now: 5_000 });
    expect(pendingOf(two, resumed.state)).toEqual([{ kind: 'timer', step: 'one', dueAt: 1_020 }]);
    resumed.when(fire, { now: 5_000 }).thenTypes('step.started');
  });
});

describe('what waits while a run is paused', () => {
  const asks = define(`
workflow: asks
activities:
  - name: both
    parallel:
      branches:
        a: [{ name: ask, wait: { signal: go, timeout: 1s } }]
        b: [{ name: again, wait: { signal: go } }]
        c: [{ name: rest, wait: { for: 1s } }]
`);

  test('takes the signals that came, each one, before a time-out that came due', () => {
    const paused = given(asks).after(start()).after(pause);
    paused.when(signal('go')).thenEvents({ type: 'signal.received', facts: { step: '' } });
    const come = paused.after(signal('go')).after(signal('go'));
    expect(pendingOf(asks, come.state)).toEqual([]);
    const { events, state } = come.when(resume, { now: 9_000 });
    expect(events).toMatchObject([
      { type: 'execution.resumed' },
      { type: 'step.completed', facts: { step: 'both[a].ask' }, payload: { output: 'go' } },
      { type: 'step.completed', facts: { step: 'both[b].again' } },
      { type: 'branch.completed', facts: { branch: 'a' } },
      { type: 'branch.completed', facts: { branch: 'b' } },
    ]);
    expect(state.signals).toEqual({ go: [] });
    expect(pendingOf(asks, state)).toEqual([{ kind: 'timer', step: 'both[c].rest', dueAt: 1_000 }]);
  });

  test('is kept in time and in order when nothing came', () => {
    const { state } = given(asks).after(start()).after(pause).when(resume, { now: 9_000 });
    expect(pendingOf(asks, state)).toEqual(pendingOf(asks, given(asks).after(start()).state));
  });
});

describe('a block of a run that is paused', () => {
  const both = (more: string) =>
    define(`
workflow: both
activities:
  - name: both
    parallel:
      ${more}
      branches:
        a: [{ name: one }, { name: two }]
        b: [{ name: other }]
    fallback: { activity: mend }
`);

  test('fails with its step, gives up the rest, and has its fallback called when it is resumed', () => {
    const paused = given(both('join: all')).after(start()).after(pause);
    const then = paused.when(failed('both[a].one'));
    then.thenTypes('step.failed', 'branch.failed', 'step.cancelled', 'branch.cancelled', 'step.failed');
    paused
      .after(failed('both[a].one'))
      .when(resume)
      .thenEvents(
        { type: 'execution.resumed' },
        { type: 'step.started', facts: { step: 'both', activity: 'mend' } },
      );
  });

  test('goes on with its branches and ends only when it is resumed', () => {
    const paused = given(both('join: 1')).after(start()).after(pause);
    paused.when(completed('both[b].other')).thenTypes('step.completed');
    paused
      .after(completed('both[b].other'))
      .when(resume)
      .thenTypes(
        'execution.resumed',
        'branch.completed',
        'step.cancelled',
        'branch.cancelled',
        'step.completed',
        'execution.completed',
      );
  });
});

describe('an undoing that is paused', () => {
  const trip = define(`
workflow: trip
activities: [{ name: book }, { name: rent }, { name: pay }]
compensation: { }
compensation_activities: { book: { activity: give_back }, rent: { activity: give_back } }
error_handling: { activity_error: { ${RETRY} }, workflow_error: { strategy: compensate } }
`);
  const fire = (step: string, dueAt: number): ExecutionCommand => ({ type: 'fire_timer', step, dueAt });
  const undoing = () =>
    given(trip)
      .after(start())
      .after(completed('book'))
      .after(completed('rent'))
      .after(failed('pay'))
      .after(fire('pay', 1_000))
      .after(failed('pay', 2));
  const paused = () => undoing().after(pause);

  test('undoes nothing more until it is resumed', () => {
    undoing()
      .when(pause)
      .thenEvents({ type: 'execution.paused', facts: { from: 'compensating' } });
    expect(pendingOf(trip, paused().state)).toMatchObject([
      { kind: 'attempt', step: 'rent', compensation: true },
    ]);
    paused().when(undone('rent')).thenTypes('step.compensated');
    paused()
      .after(undone('rent'))
      .when(resume)
      .thenEvents(
        { type: 'execution.resumed', facts: { to: 'compensating' } },
        { type: 'step.compensating', facts: { step: 'book' } },
      );
  });

  test('tries again at its time, and ends only when it is resumed', () => {
    const waiting = paused().after(notUndone('rent'), { now: 5 });
    waiting.when(fire('rent', 1_005)).thenNothing();
    waiting.when(resume).thenTypes('execution.resumed');
    waiting.after(resume).when(fire('rent', 1_005)).thenTypes('step.compensating');
    const last = undoing().after(undone('rent')).after(pause);
    last.when(undone('book')).thenTypes('step.compensated');
    last.after(undone('book')).when(resume).thenTypes('execution.resumed', 'saga.compensated');
  });

  test('begins when it is resumed, when a step failed meanwhile', () => {
    const late = given(trip).after(start()).after(completed('book')).after(completed('rent')).after(pause);
    const gone = late.after({ ...failed('pay'), retry: 'never' } as ExecutionCommand);
    expect(gone.state.status).toBe('paused');
    gone
      .when(resume)
      .thenEvents(
        { type: 'execution.resumed', facts: { to: 'running' } },
        { type: 'saga.compensating', facts: { step: 'pay', steps: ['rent', 'book'] } },
        { type: 'step.compensating' },
      );
  });
});
