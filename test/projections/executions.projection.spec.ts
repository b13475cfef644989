import { describe, expect, it } from 'vitest';
import { executions } from '../../src/projections/executions.projection.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import { childEnded, childStarted } from './child-samples.ts';
import * as s from './samples.ts';
import { migrated } from './workflow-samples.ts';

const STREAM = 'execution-e1';
const at = (time: number, ...events: Happened['events']) => happened(STREAM, time, ...events);

const retriedToUndo = {
  ...s.retried('pay'),
  facts: { ...s.retried('pay').facts, compensates: true as const },
};

describe('executions', () => {
  it('says all of a run that was started', () => {
    given(executions, { ...at(1_000, s.started()), actor: 'user' }).thenExactly('e1', {
      id: 'e1',
      workflow: s.WORKFLOW,
      definition: s.DEFINITION,
      status: 'running',
      trigger: 'manual',
      triggeredBy: 'user',
      tenant: 'default',
      tracing: null,
      search: {},
      tags: [],
      terms: [],
      parent: null,
      parentStep: null,
      depth: 0,
      startedAt: 1_000,
      endedAt: null,
      duration: null,
      step: null,
      waiting: null,
      dueAt: null,
      deadline: null,
      underWay: [],
      stepsCompleted: 0,
      stepsFailed: 0,
      stepsSkipped: 0,
      stepsCompensated: 0,
      retries: 0,
      errorType: null,
      errorStep: null,
      uncompensated: [],
      uncompensatedCount: 0,
      undoing: null,
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

  it('names the parent of a child', () => {
    const { facts, ...rest } = s.started();
    const of = { parent: 'p1', parentStep: 'each[2].pay', parentRevision: 7, depth: 1 };
    given(executions, at(1_000, { ...rest, facts: { ...facts, trigger: 'workflow', ...of } })).thenShows({
      e1: { parent: 'p1', parentStep: 'each[2].pay', depth: 1, trigger: 'workflow' },
    });
  });

  it('waits for a child that it waits for, and for no other', () => {
    const run = given(executions, at(1_000, s.started(), s.stepStarted('pay')));
    run.when(at(1_000, childStarted('pay'))).thenShows({ e1: { step: 'pay', waiting: 'child' } });
    run.when(at(1_000, childStarted('pay', false))).thenShows({ e1: { step: 'pay', waiting: null } });
    run
      .when(at(1_000, childStarted('pay'), childEnded('pay'), s.stepCompleted('pay', 0)))
      .thenShows({ e1: { step: null, waiting: null } });
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

  it('says when its time is over, and which of all times comes first', () => {
    const limited = { ...s.started(), facts: { ...s.started().facts, deadline: 900 } };
    const begun = s.stepStarted('pay');
    const run = given(executions, at(0, limited));
    run.thenShows({ e1: { deadline: 900, dueAt: 900 } });
    const paying = run.when(at(0, { ...begun, facts: { ...begun.facts, deadline: 500 } }));
    paying.thenShows({ e1: { dueAt: 500, underWay: [{ step: 'pay', dueAt: null, deadline: 500 }] } });
    const again = paying.when(at(10, s.retryScheduled('pay', 10, 1, 110)));
    again.thenShows({ e1: { waiting: 'timer', dueAt: 110, underWay: [{ dueAt: 110, deadline: 500 }] } });
    again
      .when(at(500, s.timerFired('pay', 500, 'step'), s.stepFailed('pay', 0, 1, 'skip')))
      .thenShows({ e1: { dueAt: 900, underWay: [] } });
    paying.when(at(900, s.timerFired('', 900, 'run'))).thenShows({ e1: { step: 'pay', waiting: null } });
    paying.when(at(900, s.failed(0, 900))).thenShows({ e1: { deadline: null, dueAt: null, underWay: [] } });
    paying.when(at(900, s.compensating('pay'))).thenShows({ e1: { deadline: null, dueAt: null } });
  });

  it('says until when somebody is waited for to serve an activity', () => {
    const queued = s.queued('pay', 2);
    given(executions, at(0, s.started()))
      .when(at(0, { ...queued, facts: { ...queued.facts, dueAt: 40, deadline: 30 } }))
      .thenShows({ e1: { waiting: 'queued', dueAt: 30, underWay: [{ dueAt: 40, deadline: 30 }] } });
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

  it('says how far it is undone: of how many steps which were, and which could not be', () => {
    const saga = s.compensating('reserve', 'book');
    const undoing = given(executions, at(0, s.started(), { ...saga, facts: { ...saga.facts, more: 1 } }));
    undoing.thenShows({ e1: { undoing: { awaited: false, total: 3, done: 0, failed: 0 } } });
    const left = undoing.when(
      at(5, s.stepCompensated('reserve', 5), s.compensationFailed('book', 5), s.continued('look')),
    );
    left.thenShows({
      e1: { undoing: { total: 3, done: 1, failed: 1, doneSteps: ['reserve'], failedSteps: ['book'] } },
    });
    const end = s.failed(0, 5, 'compensating', ['book']);
    const over = left.when(at(6, { ...end, facts: { ...end.facts, uncompensatedCount: 2 } }));
    over.thenShows({ e1: { status: 'failed', uncompensatedCount: 2, undoing: { done: 1, failed: 1 } } });
    over.when(at(7, retriedToUndo, s.compensating('book', 'look'))).thenShows({
      e1: {
        status: 'compensating',
        uncompensated: [],
        undoing: { awaited: false, total: 3, done: 1, failed: 0, doneSteps: ['reserve'], failedSteps: [] },
      },
    });
  });

  it('names no more than a hundred of each', () => {
    const steps = Array.from({ length: 150 }, (_, n) => `s${n}`);
    const { documents } = given(
      executions,
      at(0, s.started(), s.compensating(...steps), ...steps.map((step) => s.stepCompensated(step, 1))),
    );
    const [doc] = documents.values();
    expect(doc?.undoing).toMatchObject({ done: 150, doneSteps: steps.slice(0, 100) });
  });

  it('says that an operator is to start it, until one does, or retries the execution instead', () => {
    const end = s.failed(0, 5, 'running', ['reserve']);
    const awaiting = given(
      executions,
      at(0, s.started(), { ...end, facts: { ...end.facts, awaits: 'compensation' as const } }),
    );
    awaiting.thenShows({ e1: { uncompensated: ['reserve'], undoing: { awaited: true, total: 1, done: 0 } } });
    awaiting
      .when(at(6, retriedToUndo, s.compensating('reserve')))
      .thenShows({ e1: { status: 'compensating', undoing: { awaited: false, total: 1 } } });
    awaiting.when(at(6, s.retried('pay'))).thenShows({ e1: { status: 'running', undoing: null } });
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

  it('is one of another version once it is migrated, whatever it is about', () => {
    given(executions, at(0, s.started(), s.stepStarted('pay'), migrated('sha256:9'))).thenShows({
      e1: { status: 'running', step: 'pay', definition: 'sha256:9', endedAt: null },
    });
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
