import { describe, expect, test } from 'vitest';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import {
  compensating,
  compensationFailed,
  queued,
  retryScheduled,
  signalReceived,
  started,
  stepCompensated,
  stepCompensating,
} from '../../projections/samples.ts';
import { after, error } from './evolving.ts';

describe('a run that is undone', () => {
  const state = (...events: readonly ExecutionEvent[]) => after(started(), compensating('b', 'a'), ...events);
  const idle = { status: 'idle', activity: '', tries: 0, startedAt: 0 };

  test('begins with all of it to do, and knows why', () => {
    expect(state()).toMatchObject({ status: 'compensating', failure: { step: 'pay', error } });
    expect(state().compensation).toEqual({
      todo: ['b', 'a'],
      settled: 0,
      failed: [],
      left: [],
      attempts: {},
      ...idle,
    });
  });

  test('calls what undoes a step', () => {
    expect(state(stepCompensating('b')).compensation).toEqual({
      todo: ['b', 'a'],
      settled: 0,
      failed: [],
      left: [],
      status: 'running',
      activity: 'undo_b',
      attempts: { b: 1 },
      tries: 1,
      startedAt: 120_000,
    });
  });

  test('goes on with the next when one is undone', () => {
    expect(state(stepCompensating('b'), stepCompensated('b', 9)).compensation).toEqual({
      todo: ['b', 'a'],
      settled: 1,
      failed: [],
      left: [],
      attempts: {},
      ...idle,
    });
  });

  test('goes on with the next when one cannot be undone, and remembers it', () => {
    const both = state(
      stepCompensating('b'),
      compensationFailed('b', 9),
      stepCompensating('a'),
      compensationFailed('a', 9),
    );
    expect(both.compensation).toEqual({
      todo: ['b', 'a'],
      settled: 2,
      failed: ['b', 'a'],
      left: [0, 1],
      attempts: { b: 1, a: 1 },
      ...idle,
    });
  });

  test('tries again what failed', () => {
    const waits = state(stepCompensating('b'), retryScheduled('b', 9, 1, 99, true));
    expect(waits.compensation).toMatchObject({
      status: 'retrying',
      dueAt: 99,
      attempts: { b: 1 },
      tries: 1,
      settled: 0,
    });
    expect(waits.steps).toEqual({});
    const again = state(stepCompensating('b'), retryScheduled('b', 9, 1, 99, true), stepCompensating('b', 2));
    expect(again.compensation).toMatchObject({ status: 'running', attempts: { b: 2 }, tries: 2 });
    expect(again.compensation).not.toHaveProperty('dueAt');
  });

  test('has a try more when it was interrupted', () => {
    const event = retryScheduled('b', 9, 1, 99, true);
    const uncounted = { ...event, facts: { ...event.facts, uncounted: true as const } };
    expect(state(stepCompensating('b'), uncounted).compensation).toMatchObject({
      attempts: { b: 1 },
      tries: 0,
    });
  });

  test('waits for somebody to serve what undoes a step', () => {
    const event = queued('b');
    const waits = state({ ...event, facts: { ...event.facts, activity: 'undo_b' } });
    expect(waits.compensation).toMatchObject({
      status: 'queued',
      activity: 'undo_b',
      attempts: {},
      settled: 0,
    });
    expect(waits.steps).toEqual({});
  });

  test('keeps signals that come meanwhile', () => {
    expect(state(signalReceived()).signals).toEqual({ paid: [{ secret: 'signal' }] });
  });
});
