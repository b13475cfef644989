import { describe, expect, it } from 'vitest';
import { approvals } from '../../src/projections/approvals.projection.ts';
import { executions } from '../../src/projections/executions.projection.ts';
import { timeline } from '../../src/projections/timeline.projection.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import * as s from './samples.ts';

const at = (time: number, ...events: Happened['events']) => happened('execution-e1', time, ...events);

describe('decisions that are waited for', () => {
  const asked = given(approvals, at(1_000, s.started(), s.stepStarted('sign'), s.approvalRequested('sign')));

  it('are there as long as they are', () => {
    asked.thenExactly('e1:sign:1', {
      executionId: 'e1',
      workflow: s.WORKFLOW,
      tenant: 'default',
      step: 'sign',
      attempt: 1,
      status: 'pending',
      assignees: ['ann'],
      requestedAt: 1_000,
      dueAt: null,
      endedAt: null,
    });
    asked
      .when(at(1_500, s.approvalDecided('sign')))
      .thenShows({ 'e1:sign:1': { status: 'approved', endedAt: 1_500 } });
    asked
      .when(at(1_500, s.approvalWithdrawn('sign')))
      .thenShows({ 'e1:sign:1': { status: 'withdrawn', endedAt: 1_500 } });
  });

  it('are what an execution waits for, at most until its time', () => {
    const begun = at(0, s.started(), s.stepStarted('sign'), s.approvalRequested('sign'));
    const run = given(executions, begun);
    run.thenShows({ e1: { step: 'sign', waiting: 'approval', dueAt: null } });
    const timed = run.when(at(0, s.timerScheduled('sign', 9, 'timeout')));
    timed.thenShows({ e1: { step: 'sign', waiting: 'approval', dueAt: 9 } });
    timed.when(at(5, s.approvalDecided('sign'))).thenShows({ e1: { waiting: null, dueAt: null } });
    timed.when(at(9, s.approvalWithdrawn('sign'))).thenShows({ e1: { waiting: null, dueAt: null } });
  });

  it('are entries of the timeline, as is who decided', () => {
    const begun = at(0, s.started(), s.stepStarted('sign', 1), s.approvalRequested('sign'));
    const entries = given(timeline, begun, at(0, s.timerScheduled('sign', 9, 'timeout'))).when(
      at(5, s.approvalDecided('sign'), s.stepCompleted('sign', 5)),
    ).documents;
    expect(entries.get('e1:sign:1')).toMatchObject({
      kind: 'approval',
      status: 'completed',
      dueAt: 9,
      duration: 5,
    });
    expect(entries.get('e1:4')).toMatchObject({
      kind: 'decision',
      status: 'approved',
      step: 'sign',
      inputRevision: 4,
    });
  });

  it('are asked for once more when the step is come to again', () => {
    const second = s.approvalRequested('sign');
    asked
      .when(at(2_000, s.approvalDecided('sign'), { ...second, facts: { ...second.facts, attempt: 2 } }))
      .thenShows({ 'e1:sign:1': { status: 'approved' }, 'e1:sign:2': { status: 'pending' } });
  });
});
