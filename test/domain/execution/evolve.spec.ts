import { describe, expect, test } from 'vitest';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { evolve } from '../../../src/domain/execution/evolve.ts';
import { stepOf, type ExecutionState, type StepState } from '../../../src/domain/execution/state.ts';
import {
  cancelled,
  compensated,
  compensating,
  completed,
  DEFINITION,
  failed,
  queued,
  retryScheduled,
  signalAwaited,
  signalReceived,
  skipped,
  started,
  stepCompleted,
  stepFailed,
  stepStarted,
  timerFired,
  timerScheduled,
  variablesSet,
  WORKFLOW,
} from '../../projections/samples.ts';
import { after, error } from './evolving.ts';

/** How many steps have settled, and which of them completed. */
const settledIn = ({ branches }: ExecutionState) => branches['']?.settled;
const completedIn = ({ completed: steps }: ExecutionState) => steps.map(({ step }) => step);

const STEP: StepState = {
  status: 'running',
  activity: 'pay',
  visit: 1,
  done: false,
  attempt: 1,
  tries: 1,
  turns: 0,
  fallback: false,
  startedAt: 60_000,
  output: null,
};

describe('an execution', () => {
  test('that was started is what its first event says', () => {
    expect(after(started())).toEqual({
      status: 'running',
      workflow: WORKFLOW,
      definition: DEFINITION,
      trigger: 'manual',
      startedAt: 0,
      input: { secret: 'in' },
      event: null,
      variables: {},
      branches: { '': { settled: 0 } },
      steps: {},
      completions: 0,
      completed: [],
      kept: [],
      signals: {},
    });
  });

  test.for<readonly [ExecutionState['status'], readonly ExecutionEvent[]]>([
    ['completed', [started(), completed(0, 1)]],
    ['failed', [started(), failed(0, 1)]],
    ['cancelled', [started(), cancelled(0, 1)]],
    ['compensating', [started(), compensating()]],
    ['compensated', [started(), compensating(), compensated(0, 1)]],
    ['failed', [started(), compensating(), failed(0, 1, 'compensating', ['pay'])]],
    ['cancelled', [started(), compensating(), cancelled(0, 1, 'compensating')]],
  ])('is %s when its last event says so, and nothing else of it changes but why', ([status, events]) => {
    const state = after(...events);
    expect(state.status).toBe(status);
    if (status === 'compensating') return;
    const { status: _before, ...rest } = after(...events.slice(0, -1));
    const why = status === 'failed' ? { failure: { step: 'pay', error } } : {};
    expect(state).toEqual({ ...why, ...rest, status });
  });

  test('never changes the state that it was', () => {
    const before = after(started(), stepStarted('pay'));
    const copy = structuredClone(before);
    evolve(before, stepCompleted('pay', 9), 120_000);
    evolve(before, signalReceived(), 120_000);
    expect(before).toEqual(copy);
  });

  test('has the steps that anything happened to, whatever their names', () => {
    const state = after(started(), stepStarted('constructor'));
    expect(stepOf(state, 'constructor')).toMatchObject({ status: 'running' });
    expect(stepOf(after(started()), 'constructor')).toBeUndefined();
    expect(stepOf(after(started()), 'toString')).toBeUndefined();
  });
});

describe('a step', () => {
  const state = (...events: readonly ExecutionEvent[]) => after(started(), ...events);

  test('that was started is running since then', () => {
    expect(state(stepStarted('pay'))).toMatchObject({
      branches: { '': { settled: 0 } },
      steps: { pay: STEP },
      completed: [],
    });
    expect(state(stepStarted('pay')).steps['pay']).toEqual(STEP);
  });

  test('that completed has its output, and the next one follows', () => {
    const done = state(stepStarted('pay'), stepCompleted('pay', 9));
    expect(done.steps['pay']).toEqual({
      ...STEP,
      done: true,
      status: 'completed',
      output: { secret: 'out' },
    });
    expect([settledIn(done), completedIn(done), done.variables]).toEqual([1, ['pay'], {}]);
  });

  test('that completed adds its variables to those before it', () => {
    const event = stepCompleted('pay', 9);
    const done = state(variablesSet('total'), stepStarted('pay'), {
      ...event,
      payload: { output: 1, variables: { b: 2, a: 3 } },
    });
    expect(done.variables).toEqual({ a: 3, b: 2 });
    expect([settledIn(done), completedIn(done)]).toEqual([2, ['pay']]);
  });

  test('that set variables is completed, with nothing to undo', () => {
    const done = state(variablesSet('total'));
    expect(done).toMatchObject({
      branches: { '': { settled: 1 } },
      completed: [],
      variables: { a: 'secret' },
    });
    expect(done.steps['total']).toEqual({
      ...STEP,
      done: true,
      status: 'completed',
      activity: 'set',
      attempt: 0,
      tries: 0,
    });
  });

  test('that was skipped is passed over', () => {
    const done = state(skipped('pay'));
    expect(done.steps['pay']).toMatchObject({ status: 'skipped', output: null, attempt: 0 });
    expect([settledIn(done), completedIn(done)]).toEqual([1, []]);
  });

  test('that is queued says for what, and is running once it is started', () => {
    const waits = state(queued('pay'));
    expect(waits.steps['pay']).toMatchObject({ status: 'queued', activity: 'pay', attempt: 0 });
    expect(settledIn(waits)).toBe(0);
    expect(state(queued('pay'), stepStarted('pay')).steps['pay']).toEqual({ ...STEP, startedAt: 120_000 });
  });

  test('that is to be tried again has its error and when, and then counts on', () => {
    const waits = state(stepStarted('pay'), retryScheduled('pay', 9, 1, 70_000));
    expect(waits.steps['pay']).toEqual({ ...STEP, status: 'retrying', dueAt: 70_000, error });
    const again = state(stepStarted('pay'), retryScheduled('pay', 9, 1, 70_000), stepStarted('pay', 2));
    expect(again.steps['pay']).toEqual({ ...STEP, attempt: 2, tries: 2, startedAt: 180_000, error });
  });

  test('that was interrupted without harm has a try more', () => {
    const event = retryScheduled('pay', 9, 1, 70_000);
    const uncounted = { ...event, facts: { ...event.facts, uncounted: true as const } };
    const waits = state(stepStarted('pay'), uncounted);
    expect(waits.steps['pay']).toMatchObject({ attempt: 1, tries: 0 });
    expect(state(stepStarted('pay'), uncounted, stepStarted('pay', 2)).steps['pay']).toMatchObject({
      attempt: 2,
      tries: 1,
    });
  });

  test.for(['stop', 'compensate'] as const)('that failed for good is why the run ends: %s', (handled) => {
    const ended = state(stepStarted('pay'), stepFailed('pay', 9, 1, handled));
    expect(ended).toMatchObject({
      status: 'running',
      branches: { '': { settled: 0 } },
      failure: { step: 'pay', error },
      steps: { pay: { ...STEP, status: 'failed', error } },
    });
  });

  test('that failed while the run goes on is passed over', () => {
    const ended = state(stepStarted('pay'), stepFailed('pay', 9, 1, 'continue'));
    expect([settledIn(ended), completedIn(ended), ended.failure]).toEqual([1, [], undefined]);
    expect(ended.steps['pay']).toMatchObject({ status: 'failed', error });
  });

  test('that failed and is skipped keeps its error', () => {
    const ended = state(stepStarted('pay'), stepFailed('pay', 9, 1, 'skip'), skipped('pay', 'fallback'));
    expect([settledIn(ended), ended.failure]).toEqual([1, undefined]);
    expect(ended.steps['pay']).toMatchObject({ status: 'skipped', error, output: null });
  });

  test('whose fallback takes over counts its tries anew, and its attempts on', () => {
    const failing = [stepStarted('pay'), retryScheduled('pay', 9, 1, 70_000), stepStarted('pay', 2)];
    const handed = state(...failing, stepFailed('pay', 9, 2, 'activity'));
    expect(handed.steps['pay']).toMatchObject({ status: 'failed', fallback: true, tries: 0, attempt: 2 });
    const begun = state(...failing, stepFailed('pay', 9, 2, 'activity'), stepStarted('pay', 3, 'by_hand'));
    expect(begun.steps['pay']).toMatchObject({
      status: 'running',
      activity: 'by_hand',
      fallback: true,
      tries: 1,
      attempt: 3,
    });
    expect(settledIn(begun)).toBe(0);
  });
});

describe('a step that waits', () => {
  const state = (...events: readonly ExecutionEvent[]) =>
    after(started(), stepStarted('rest', 1, 'wait'), ...events);

  test('for a time is over when its timer has fired', () => {
    expect(state(timerScheduled('rest', 99)).steps['rest']).toMatchObject({ status: 'waiting', dueAt: 99 });
    const fired = state(timerScheduled('rest', 99), timerFired('rest', 99));
    expect(fired.steps['rest']).not.toHaveProperty('dueAt');
    const done = state(
      timerScheduled('rest', 99),
      timerFired('rest', 99),
      stepCompleted('rest', 1, 1, 'wait'),
    );
    expect([settledIn(done), completedIn(done)]).toEqual([1, ['rest']]);
  });

  test('for a signal has it until it comes, and its time-out', () => {
    const waits = state(signalAwaited('rest'), timerScheduled('rest', 99, 'timeout'));
    expect(waits.steps['rest']).toMatchObject({ status: 'waiting', signal: 'paid', dueAt: 99 });
    const come = state(signalAwaited('rest'), timerScheduled('rest', 99, 'timeout'), signalReceived('rest'));
    expect(come.steps['rest']).not.toHaveProperty('signal');
    expect(come.signals).toEqual({});
  });

  test('for a signal that was kept takes the oldest of them', () => {
    const kept = [signalReceived(), { ...signalReceived(), payload: { payload: 2 } }];
    const done = state(...kept, signalAwaited('rest'), stepCompleted('rest', 0, 1, 'wait'));
    expect(done.signals).toEqual({ paid: [2] });
    expect(done.steps['rest']).not.toHaveProperty('signal');
  });

  test('takes nothing that was kept when the signal came to itself', () => {
    const done = state(
      signalAwaited('rest'),
      signalReceived('rest'),
      signalReceived(),
      stepCompleted('rest', 0, 1, 'wait'),
    );
    expect(done.signals).toEqual({ paid: [{ secret: 'signal' }] });
  });

  test('and whose time is up has failed, and waits for nothing', () => {
    const ended = state(
      signalAwaited('rest'),
      timerScheduled('rest', 99, 'timeout'),
      timerFired('rest', 99, 'timeout'),
      stepFailed('rest', 9),
    );
    expect(ended.steps['rest']).toMatchObject({ status: 'failed', error });
    expect(ended.steps['rest']).not.toHaveProperty('signal');
    expect(ended.steps['rest']).not.toHaveProperty('dueAt');
  });

  test('is not what signals of no step are for: they are kept in order, by name', () => {
    const odd = { ...signalReceived(), facts: { workflow: WORKFLOW, signal: '__proto__', step: '' } };
    const kept = after(started(), signalReceived(), odd, signalReceived());
    expect(Object.entries(kept.signals)).toEqual([
      ['paid', [{ secret: 'signal' }, { secret: 'signal' }]],
      ['__proto__', [{ secret: 'signal' }]],
    ]);
  });
});
