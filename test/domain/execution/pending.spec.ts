import { describe, expect, test } from 'vitest';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { INITIAL } from '../../../src/domain/execution/state.ts';
import type { ExecutionCommand, FireTimer } from '../../../src/domain/execution/commands.ts';
import {
  completed,
  define,
  failed,
  given,
  notUndone,
  start,
  undone,
  type Given,
} from '../../spec/execution.ts';

const RETRY = 'retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }';

const trip = define(`
workflow: trip
activities:
  - name: book
  - name: rest
    wait: { for: 10s }
  - name: approval
    wait: { signal: approved, timeout: 1h }
  - name: open
    wait: { signal: opened }
  - name: pay
    ${RETRY}
compensation: {}
compensation_activities: { book: { activity: cancel } }
error_handling:
  activity_error: { ${RETRY} }
  workflow_error: { strategy: compensate }
`);

const signal = (name: string): ExecutionCommand => ({ type: 'signal', signal: name, payload: null });
const fire = (step: string, dueAt: number): FireTimer => ({ type: 'fire_timer', step, dueAt });
const waitsFor = ({ state }: Given) => pendingOf(trip, state);

const booked = () => given(trip).after(start());
const resting = () => booked().after(completed('book'), { now: 5 });
const asking = () => resting().after(fire('rest', 10_005), { now: 10_005 });
const opening = () => asking().after(signal('approved'));
const paying = () => opening().after(signal('opened'));
const undoing = () => paying().after(failed('pay')).after(fire('pay', 1_000)).after(failed('pay', 2));

describe('what an execution waits for', () => {
  test('is nothing before it was started', () => {
    expect(pendingOf(trip, INITIAL)).toEqual([]);
  });

  test('is a call', () => {
    const attempt = {
      kind: 'attempt',
      step: 'book',
      activity: 'book',
      attempt: 1,
      visit: 1,
      compensation: false,
    };
    expect(waitsFor(booked())).toEqual([attempt]);
    expect(waitsFor(booked().after(signal('early')))).toEqual([attempt]);
  });

  test('is the end of a wait', () => {
    expect(waitsFor(resting())).toEqual([{ kind: 'timer', step: 'rest', dueAt: 10_005 }]);
  });

  test('is a signal, at most until it times out', () => {
    expect(waitsFor(asking())).toEqual([{ kind: 'timer', step: 'approval', dueAt: 3_610_005 }]);
  });

  test('is a signal for ever', () => {
    expect(waitsFor(opening())).toEqual([{ kind: 'signal', step: 'open' }]);
    expect(waitsFor(opening().after(signal('other')))).toEqual([{ kind: 'signal', step: 'open' }]);
  });

  test('is the next attempt', () => {
    expect(waitsFor(paying().after(failed('pay'), { now: 7 }))).toEqual([
      {
        kind: 'timer',
        step: 'pay',
        dueAt: 1_007,
      },
    ]);
    expect(waitsFor(paying().after(failed('pay')).after(fire('pay', 1_000)))).toEqual([
      {
        kind: 'attempt',
        step: 'pay',
        activity: 'pay',
        attempt: 2,
        visit: 1,
        compensation: false,
      },
    ]);
  });

  test('is somebody to serve its activity', () => {
    expect(waitsFor(given(trip).after(start(), { unserved: ['book'] }))).toEqual([
      {
        kind: 'activity',
        step: 'book',
        activity: 'book',
      },
    ]);
  });

  test('is a call that undoes a step', () => {
    expect(waitsFor(undoing())).toEqual([
      {
        kind: 'attempt',
        step: 'book',
        activity: 'cancel',
        attempt: 1,
        visit: 1,
        compensation: true,
      },
    ]);
  });

  test('is the next attempt to undo it', () => {
    expect(waitsFor(undoing().after(notUndone('book'), { now: 3 }))).toEqual([
      {
        kind: 'timer',
        step: 'book',
        dueAt: 1_003,
      },
    ]);
  });

  test('is somebody to serve what undoes it', () => {
    const failing = paying().after(failed('pay')).after(fire('pay', 1_000));
    const unserved = { unserved: ['cancel'] };
    expect(waitsFor(failing.after(failed('pay', 2), unserved))).toEqual([
      {
        kind: 'activity',
        step: 'book',
        activity: 'cancel',
      },
    ]);
  });

  test.for<readonly [string, () => Given]>([
    ['completed', () => paying().after(completed('pay'))],
    ['cancelled', () => opening().after({ type: 'cancel', reason: '' })],
    ['compensated', () => undoing().after(undone('book'))],
    ['cancelled', () => undoing().after({ type: 'terminate', reason: '' })],
    [
      'failed',
      () => undoing().after(notUndone('book')).after(fire('book', 1_000)).after(notUndone('book', 2)),
    ],
  ])('is nothing once it is %s', ([status, ended]) => {
    expect(ended().state.status).toBe(status);
    expect(waitsFor(ended())).toEqual([]);
  });
});
