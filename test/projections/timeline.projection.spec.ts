import { describe, expect, it } from 'vitest';
import { timeline } from '../../src/projections/timeline.projection.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import * as gates from './gate-samples.ts';
import { childEnded, childStarted } from './child-samples.ts';
import * as s from './samples.ts';
import { migrated } from './workflow-samples.ts';

const STREAM = 'execution-e1';
const at = (time: number, ...events: Happened['events']) => happened(STREAM, time, ...events);

describe('the timeline', () => {
  it('says all of an attempt', () => {
    given(timeline, at(1_000, s.started(), s.stepStarted('pay')))
      .when(at(1_250, s.stepCompleted('pay', 250)))
      .thenExactly('e1:pay:1', {
        executionId: 'e1',
        sequence: 1,
        kind: 'step',
        workflow: s.WORKFLOW,
        step: 'pay',
        activity: 'pay',
        attempt: 1,
        worker: null,
        label: null,
        status: 'completed',
        startedAt: 1_000,
        endedAt: 1_250,
        duration: 250,
        dueAt: null,
        deadline: null,
        signal: null,
        child: null,
        errorType: null,
        handled: null,
        to: null,
        fallback: false,
        by: null,
        gate: null,
        count: null,
        of: null,
        needs: null,
        capacity: null,
        heartbeatAt: null,
        progressRevision: null,
        inputRevision: 1,
        outputRevision: 2,
        errorRevision: null,
        capturedInputRevision: null,
        capturedOutputRevision: null,
      });
  });

  it('says what the author calls the step in the run, while it waits and once it begins', () => {
    const label = 'charge O-1';
    const queued = { ...s.queued('pay'), facts: { ...s.queued('pay').facts, label } };
    const begun = { ...s.stepStarted('pay'), facts: { ...s.stepStarted('pay').facts, label } };
    given(timeline, at(0, s.started(), queued))
      .when(at(0, begun))
      .thenShows({ 'e1:0': { label: null }, 'e1:1': { kind: 'queued', label }, 'e1:pay:1': { label } });
  });

  it('points at what was captured of an attempt, or of its undoing', () => {
    const captured = at(1_250, s.outputRecorded('pay'), s.stepCompleted('pay', 250));
    given(timeline, at(1_000, s.started(), s.stepStarted('pay'), s.inputRecorded('pay')))
      .when(captured)
      .thenShows({ 'e1:0': {}, 'e1:pay:1': { capturedInputRevision: 2, capturedOutputRevision: 3 } });
    const undone = s.inputRecorded('pay');
    given(timeline, at(0, s.started(), s.stepCompensating('pay')))
      .when(at(0, { ...undone, facts: { ...undone.facts, compensation: true as const } }))
      .thenShows({ 'e1:0': {}, 'e1:pay:c1': { capturedInputRevision: 2, capturedOutputRevision: null } });
  });

  it('names the child of an attempt, from its start to its end', () => {
    const { facts } = s.stepStarted('pay');
    const started = { ...s.stepStarted('pay'), facts: { ...facts, child: 'c1' } };
    const run = given(timeline, at(1_000, s.started(), started));
    run.thenShows({ 'e1:0': {}, 'e1:pay:1': { kind: 'child', status: 'running', child: 'c1' } });
    run.when(at(1_100, childStarted('pay', true, 'c1'))).thenShows({
      'e1:0': {},
      'e1:pay:1': { kind: 'child', status: 'waiting', child: 'c1', startedAt: 1_000 },
    });
    run.when(at(3_000, childEnded('pay', 'c1'), s.stepCompleted('pay', 2_000))).thenShows({
      'e1:0': {},
      'e1:pay:1': { kind: 'child', status: 'completed', child: 'c1', outputRevision: 3, endedAt: 3_000 },
    });
  });

  it('shows how far an attempt was when it last said so', () => {
    given(timeline, at(0, s.stepStarted('pay')))
      .when(at(10, s.heartbeat('pay')), at(20, s.heartbeat('pay')), at(30, s.stepCompleted('pay', 30)))
      .thenShows({
        'e1:pay:1': { status: 'completed', heartbeatAt: 20, progressRevision: 2, inputRevision: 0 },
      });
  });

  it('shows each limit that is reached, and keeps an attempt as it ended', () => {
    const limited = { ...s.started(), facts: { ...s.started().facts, deadline: 900 } };
    const begun = s.stepStarted('pay');
    const failed = s.stepFailed('pay', 0, 1, 'skip');
    given(timeline, at(0, limited, { ...begun, facts: { ...begun.facts, deadline: 50 } }))
      .when(at(10, s.retryScheduled('pay', 10, 1, 110)))
      .when(
        at(50, s.timerFired('pay', 50, 'step'), {
          ...failed,
          facts: { ...failed.facts, between: true as const },
        }),
        at(900, s.timerFired('', 900, 'run')),
      )
      .thenShows({
        'e1:0': { deadline: 900 },
        'e1:pay:1': { deadline: 50, status: 'failed', handled: 'retry', endedAt: 10, errorRevision: 2 },
        'e1:3': { kind: 'timeout', status: 'failed', step: 'pay', dueAt: 50, handled: 'step', endedAt: 50 },
        'e1:4': { kind: 'step', status: 'failed', step: 'pay', attempt: 1, handled: 'skip', startedAt: 50 },
        'e1:5': { kind: 'timeout', step: null, handled: 'run', errorType: 'Timeout' },
      });
    const queued = s.queued('pay');
    given(timeline, at(0, { ...queued, facts: { ...queued.facts, dueAt: 40 } })).thenShows({
      'e1:0': { kind: 'queued', dueAt: 40, deadline: null },
    });
  });

  it('begins with the execution, from its start to its end', () => {
    const run = given(timeline, at(1_000, s.started()));
    run.thenShows({ 'e1:0': { kind: 'execution', status: 'running', sequence: 0, endedAt: null } });
    run.when(at(4_000, s.completed(1_000, 3_000))).thenShows({
      'e1:0': { status: 'completed', sequence: 0, startedAt: 1_000, endedAt: 4_000, duration: 3_000 },
    });
    run.when(at(4_000, s.failed(1_000, 3_000))).thenShows({
      'e1:0': { status: 'failed', errorType: 'Oops', errorRevision: 1 },
    });
    run.when(at(4_000, s.cancelled(1_000, 3_000))).thenShows({ 'e1:0': { status: 'cancelled' } });
  });

  it('has an entry for each pause, and is running again when it is retried', () => {
    const paused = given(timeline, at(0, s.started()), at(10, s.paused()));
    paused.thenShows({
      'e1:0': { status: 'running' },
      'e1:paused:10': { kind: 'pause', status: 'paused', sequence: 1, startedAt: 10, endedAt: null },
    });
    paused.when(at(25, s.resumed(10, 15))).thenShows({
      'e1:0': { status: 'running' },
      'e1:paused:10': {
        kind: 'pause',
        status: 'resumed',
        sequence: 1,
        startedAt: 10,
        endedAt: 25,
        duration: 15,
      },
    });
    given(timeline, at(0, s.started()), at(5, s.failed(0, 5)), at(9, s.retried('pay'))).thenShows({
      'e1:0': { status: 'running', endedAt: null, duration: null, errorType: null, errorRevision: null },
    });
  });

  it('says when it went over to another version', () => {
    given(timeline, at(0, s.started(), s.stepStarted('pay')), at(7, migrated('sha256:9'))).thenShows({
      'e1:0': { status: 'running' },
      'e1:pay:1': {},
      'e1:2': {
        kind: 'migration',
        status: 'migrated',
        sequence: 2,
        to: 'sha256:9',
        startedAt: 7,
        endedAt: 7,
        duration: 0,
      },
    });
  });

  it('says what was ended by hand', () => {
    const done = s.stepCompleted('pay', 9);
    const skip = s.skipped('pay');
    const byHand = { ...skip.facts, reason: 'operator' as const };
    const begun = given(timeline, at(0, s.started(), s.stepStarted('pay')));
    begun
      .when(at(9, { ...done, facts: { ...done.facts, by: 'operator' as const } }))
      .thenShows({ 'e1:0': {}, 'e1:pay:1': { status: 'completed', by: 'operator' } });
    begun.when(at(9, { ...skip, facts: { ...byHand, activity: 'pay', attempt: 1, duration: 9 } })).thenShows({
      'e1:0': {},
      'e1:pay:1': {
        kind: 'step',
        status: 'skipped',
        handled: 'operator',
        by: 'operator',
        endedAt: 9,
        duration: 9,
      },
    });
    given(timeline, at(0, s.started(), s.queued('pay'), { ...skip, facts: byHand })).thenShows({
      'e1:0': {},
      'e1:1': { kind: 'queued' },
      'e1:2': { kind: 'skip', status: 'skipped', handled: 'operator', by: 'operator' },
    });
  });

  it('has an entry for each attempt: the failed one says when the next was due', () => {
    given(timeline, at(0, s.started(), s.stepStarted('pay')))
      .when(at(10, s.retryScheduled('pay', 10, 1, 110)))
      .when(at(110, s.stepStarted('pay', 2)), at(120, s.stepFailed('pay', 10, 2, 'activity')))
      .when(at(120, s.stepStarted('pay', 3, 'invoice')))
      .thenShows({
        'e1:0': {},
        'e1:pay:1': { sequence: 1, status: 'failed', handled: 'retry', dueAt: 110, errorRevision: 2 },
        'e1:pay:2': { sequence: 3, status: 'failed', handled: 'activity', duration: 10, errorType: 'Oops' },
        'e1:pay:3': { sequence: 5, status: 'running', activity: 'invoice', fallback: true, endedAt: null },
      });
  });

  it('tells of gates with their numbers, and leaves the attempts before as they ended', () => {
    const failed = s.stepFailed('pay', 0, 1);
    const between = { ...failed, facts: { ...failed.facts, between: true } } as const;
    given(timeline, at(0, s.started(), gates.stepAdmitted('pay'), s.stepStarted('pay')))
      .when(at(10, s.retryScheduled('pay', 10, 1, 110)))
      .when(at(110, gates.stepRejected('pay', 2, 210)))
      .when(at(210, gates.stepRejected('pay', 2)))
      .when(at(210, between))
      .thenShows({
        'e1:0': {},
        'e1:1': {
          kind: 'admission',
          status: 'admitted',
          gate: 'circuit_breaker',
          count: 3,
          of: 3,
          attempt: 1,
        },
        'e1:pay:1': { sequence: 2, status: 'failed', handled: 'retry', duration: 10, errorRevision: 3 },
        'e1:4': { kind: 'rejection', status: 'rejected', errorType: 'CircuitOpen', dueAt: 210, of: 3 },
        'e1:5': { kind: 'rejection', status: 'rejected', dueAt: null, attempt: 2 },
        'e1:6': { kind: 'step', status: 'failed', handled: 'stop', duration: 0, errorRevision: 6 },
      });
  });

  it('says where an attempt waits for its turn', () => {
    given(timeline, at(0, s.started(), gates.stepQueuedAtGate('pay'))).thenShows({
      'e1:0': {},
      'e1:1': { kind: 'queued', status: 'queued', gate: 'bulkhead', count: 7, of: 100, attempt: 1 },
    });
  });

  it('shows what an execution did to a breaker where it stood by then', () => {
    const turn = (type: Parameters<typeof gates.breakerTurned>[0], revision: number) =>
      happened('breaker-pay', 500, gates.breakerTurned(type, 'e1', revision));
    given(timeline, turn('opened', 3)).thenShows({
      'e1:breaker:pay:0': {
        executionId: 'e1',
        sequence: 3,
        kind: 'breaker',
        status: 'open',
        step: 'pay',
        activity: 'pay',
        gate: 'circuit_breaker',
        count: 3,
        of: 3,
        dueAt: 9_000,
        startedAt: 500,
      },
    });
    given(timeline, turn('half_opened', 4)).thenShows({
      'e1:breaker:pay:0': { sequence: 4, status: 'half_open', count: 3, of: 3, dueAt: null },
    });
    given(timeline, turn('closed', 5)).thenShows({
      'e1:breaker:pay:0': { sequence: 5, status: 'closed', count: null, of: null },
    });
  });

  it('tells the attempts to undo a step from those to do it', () => {
    given(timeline, at(0, s.started(), s.stepStarted('pay')), at(1, s.stepCompleted('pay', 1)))
      .when(at(2, s.compensating('pay'), s.stepCompensating('pay')))
      .when(at(3, s.retryScheduled('pay', 1, 1, 50, true)), at(50, s.stepCompensating('pay', 2)))
      .when(at(60, s.stepCompensated('pay', 10, 2), s.compensated(0, 60)))
      .thenShows({
        'e1:0': { status: 'compensated', errorType: 'Oops', errorRevision: 3, duration: 60 },
        'e1:pay:1': { kind: 'step', status: 'completed', activity: 'pay' },
        'e1:pay:c1': { kind: 'compensation', status: 'failed', dueAt: 50, sequence: 4 },
        'e1:pay:c2': { kind: 'compensation', status: 'completed', activity: 'undo_pay', outputRevision: 7 },
      });
  });

  it('shows an undoing that failed, also before it could begin', () => {
    given(timeline, at(0, s.started(), s.compensating('pay')))
      .when(at(9, s.compensationFailed('pay', 0), s.failed(0, 9, 'compensating', ['pay'])))
      .thenShows({
        'e1:0': { status: 'failed' },
        'e1:pay:c1': { status: 'failed', sequence: 2, startedAt: 9, endedAt: 9, errorRevision: 2 },
      });
  });

  it('shows a step that failed before its first attempt', () => {
    given(timeline, at(5, s.started(), s.stepFailed('pay', 0, 0))).thenShows({
      'e1:0': {},
      'e1:pay:0': { status: 'failed', attempt: 0, startedAt: 5, endedAt: 5, inputRevision: null },
    });
  });

  it('shows a wait for a time as one entry', () => {
    const waiting = given(timeline, at(0, s.started(), s.stepStarted('rest', 1, 'wait'))).when(
      at(0, s.timerScheduled('rest', 500)),
    );
    waiting.thenShows({
      'e1:0': {},
      'e1:rest:1': { kind: 'wait', status: 'waiting', dueAt: 500, sequence: 1 },
    });
    waiting.when(at(501, s.timerFired('rest', 500), s.stepCompleted('rest', 501, 1, 'wait'))).thenShows({
      'e1:0': {},
      'e1:rest:1': { kind: 'wait', status: 'completed', duration: 501, dueAt: 500 },
    });
  });

  it('shows a wait for a signal and the signal', () => {
    given(timeline, at(0, s.started(), s.stepStarted('rest', 1, 'wait'), s.signalAwaited('rest')))
      .when(at(0, s.timerScheduled('rest', 900, 'timeout')))
      .when(at(7, s.signalReceived('rest'), s.stepCompleted('rest', 7, 1, 'wait')))
      .thenShows({
        'e1:0': {},
        'e1:rest:1': { kind: 'wait', status: 'completed', signal: 'paid', dueAt: 900, outputRevision: 5 },
        'e1:4': { kind: 'signal', status: 'received', signal: 'paid', step: 'rest', inputRevision: 4 },
      });
  });

  it('shows what happened in a moment', () => {
    given(timeline, at(3, s.started(), s.queued('pay'), s.skipped('gift'), s.variablesSet('total')))
      .when(at(4, s.signalReceived()))
      .thenShows({
        'e1:0': {},
        'e1:1': { kind: 'queued', status: 'queued', step: 'pay', activity: 'pay', attempt: 1, duration: 0 },
        'e1:2': { kind: 'skip', status: 'skipped', step: 'gift', handled: 'guard' },
        'e1:3': { kind: 'variables', status: 'set', step: 'total', outputRevision: 3, startedAt: 3 },
        'e1:4': { kind: 'signal', status: 'received', signal: 'paid', step: null, endedAt: 4 },
      });
  });

  it('orders entries by the first event of each', () => {
    const { documents } = given(timeline, at(0, s.started(), s.skipped('a'), s.stepStarted('b')));
    expect([...documents.values()].map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
  });

  it('keeps nothing of payloads and actors', () => {
    const { documents } = given(timeline, at(0, s.started(), s.stepStarted('b'), s.stepFailed('b', 1)));
    expect(JSON.stringify([...documents])).not.toMatch(/secret|wrong|somebody/);
  });
});
