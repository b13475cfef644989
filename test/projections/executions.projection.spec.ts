import { describe, expect, it } from 'vitest';
import { executions } from '../../src/projections/executions.projection.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import * as s from './samples.ts';

const STREAM = 'execution-e1';
const at = (time: number, ...events: Happened['events']) => happened(STREAM, time, ...events);

describe('executions', () => {
  it('says all of a run that was started', () => {
    given(executions, { ...at(1_000, s.started()), actor: 'user' }).thenExactly('e1', {
      id: 'e1',
      workflow: s.WORKFLOW,
      definition: s.DEFINITION,
      status: 'running',
      trigger: 'manual',
      triggeredBy: 'user',
      tracing: null,
      startedAt: 1_000,
      endedAt: null,
      duration: null,
      step: null,
      waiting: null,
      dueAt: null,
      underWay: [],
      stepsCompleted: 0,
      stepsFailed: 0,
      stepsSkipped: 0,
      stepsCompensated: 0,
      retries: 0,
      errorType: null,
      errorStep: null,
      uncompensated: [],
      stream: STREAM,
      inputRevision: 0,
      errorRevision: null,
      revision: 0,
      updatedAt: 1_000,
    });
  });

  it('follows the step that is under way and counts what became of steps', () => {
    given(executions, at(1_000, s.started(), s.stepStarted('reserve')))
      .when(at(1_100, s.stepCompleted('reserve', 100), s.skipped('gift'), s.variablesSet('total')))
      .when(at(1_100, s.stepStarted('pay')))
      .thenShows({ e1: { step: 'pay', stepsCompleted: 2, stepsSkipped: 1, revision: 5, updatedAt: 1_100 } });
  });

  it('says when it ended and how long it took', () => {
    given(executions, at(1_000, s.started(), s.stepStarted('pay')))
      .when(at(3_000, s.stepCompleted('pay', 2_000), s.completed(1_000, 2_000)))
      .thenShows({ e1: { status: 'completed', endedAt: 3_000, duration: 2_000, step: null, revision: 3 } });
  });

  it('waits for a time', () => {
    const waiting = given(executions, at(0, s.started(), s.stepStarted('rest', 1, 'wait'))).when(
      at(0, s.timerScheduled('rest', 500)),
    );
    waiting.thenShows({ e1: { step: 'rest', waiting: 'timer', dueAt: 500 } });
    waiting
      .when(at(500, s.timerFired('rest', 500), s.stepCompleted('rest', 500)))
      .thenShows({ e1: { step: null, waiting: null, dueAt: null, stepsCompleted: 1 } });
  });

  it('waits for a signal, at most until its time-out', () => {
    const waiting = given(executions, at(0, s.started(), s.signalAwaited('rest')));
    waiting.thenShows({ e1: { waiting: 'signal', dueAt: null } });
    const limited = waiting.when(at(0, s.timerScheduled('rest', 900, 'timeout')));
    limited.thenShows({ e1: { waiting: 'signal', dueAt: 900 } });
    limited.when(at(10, s.signalReceived())).thenShows({ e1: { waiting: 'signal', dueAt: 900 } });
    limited.when(at(10, s.signalReceived('rest'))).thenShows({ e1: { waiting: null, dueAt: null } });
  });

  it('waits for a retry, and for somebody to serve an activity', () => {
    given(executions, at(0, s.started(), s.stepStarted('pay')))
      .when(at(10, s.retryScheduled('pay', 10, 1, 110)))
      .thenShows({ e1: { waiting: 'timer', dueAt: 110, retries: 1, step: 'pay', errorType: null } });
    given(executions, at(0, s.started(), s.queued('pay'))).thenShows({
      e1: { waiting: 'queued', step: 'pay' },
    });
  });

  it('counts a failed step once, and none that a fallback answered for', () => {
    given(executions, at(0, s.started(), s.stepFailed('a', 1, 1, 'skip'), s.skipped('a', 'fallback')))
      .when(at(1, s.stepFailed('b', 1, 1, 'activity'), s.stepCompleted('b', 1, 2, 'other')))
      .when(at(2, s.stepFailed('c', 1, 1, 'continue')))
      .thenShows({ e1: { stepsFailed: 1, stepsSkipped: 1, stepsCompleted: 1 } });
  });

  it('points at the error of a run that failed', () => {
    given(executions, at(0, s.started(), s.stepFailed('pay', 5), s.failed(0, 5))).thenShows({
      e1: { status: 'failed', errorType: 'Oops', errorStep: 'pay', errorRevision: 2, stepsFailed: 1 },
    });
  });

  it('is compensated when all was undone, and points at the error that began it', () => {
    const undoing = given(executions, at(0, s.started(), s.compensating('reserve')));
    undoing.thenShows({ e1: { status: 'compensating', errorType: 'Oops', errorRevision: 1, endedAt: null } });
    undoing
      .when(at(5, s.stepCompensating('reserve'), s.stepCompensated('reserve', 5), s.compensated(0, 5)))
      .thenShows({ e1: { status: 'compensated', endedAt: 5, stepsCompensated: 1, errorRevision: 1 } });
  });

  it('names what could not be undone', () => {
    given(executions, at(0, s.started(), s.compensating('reserve'), s.stepCompensating('reserve')))
      .when(at(5, s.compensationFailed('reserve', 5), s.failed(0, 5, 'compensating', ['reserve'])))
      .thenShows({ e1: { status: 'failed', uncompensated: ['reserve'], errorRevision: 4 } });
  });

  it('is cancelled', () => {
    given(executions, at(0, s.started(), s.stepStarted('pay'), s.cancelled(0, 7))).thenShows({
      e1: { status: 'cancelled', duration: 7, step: null },
    });
  });

  it('is paused with what is under way, and then is about the same again', () => {
    const paused = given(executions, at(0, s.started(), s.stepStarted('pay'), s.paused()));
    paused.thenShows({ e1: { status: 'paused', step: 'pay', endedAt: null } });
    paused.when(at(9, s.resumed(0, 9))).thenShows({ e1: { status: 'running', step: 'pay' } });
    paused
      .when(at(9, s.stepCompleted('pay', 9), s.resumed(0, 9, 'compensating')))
      .thenShows({ e1: { status: 'compensating', step: null } });
  });

  it('is running again when it is retried, in the blocks that go on, and knows of no error', () => {
    given(executions, at(0, s.started(), s.stepFailed('pay', 5), s.failed(0, 5, 'running', ['book'])))
      .when(at(9, s.variablesSet(''), s.retried('each[1].pay', 'each'), s.stepStarted('each[1].pay', 2)))
      .thenShows({
        e1: {
          status: 'running',
          endedAt: null,
          duration: null,
          errorType: null,
          errorStep: null,
          errorRevision: null,
          uncompensated: [],
          step: 'each[1].pay',
          underWay: [
            { step: 'each', waiting: 'branches', dueAt: null },
            { step: 'each[1].pay', waiting: null, dueAt: null },
          ],
          stepsCompleted: 0,
          stepsFailed: 1,
        },
      });
  });

  it('says what is left of an undoing that was ended', () => {
    const end = s.cancelled(0, 7, 'compensating');
    given(executions, at(0, s.started(), s.compensating('book')))
      .when(at(7, { ...end, facts: { ...end.facts, terminated: true as const, uncompensated: ['book'] } }))
      .thenShows({ e1: { status: 'cancelled', uncompensated: ['book'] } });
  });

  it('keeps nothing of payloads and actors', () => {
    const { documents } = given(executions, at(0, s.started(), s.stepFailed('pay', 5), s.failed(0, 5)));
    expect(JSON.stringify([...documents])).not.toMatch(/secret|wrong|somebody/);
  });
});
