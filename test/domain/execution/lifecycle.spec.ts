import { describe, expect, test } from 'vitest';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { evolve, IllegalEvent } from '../../../src/domain/execution/evolve.ts';
import { isFinal, TRANSITIONS, type Lifecycle } from '../../../src/domain/execution/lifecycle.ts';
import { INITIAL } from '../../../src/domain/execution/state.ts';
import * as gates from '../../projections/gate-samples.ts';
import * as children from '../../projections/child-samples.ts';
import * as samples from '../../projections/samples.ts';
import { condensed, removed, restored } from '../../projections/retention-samples.ts';
import { migrated } from '../../projections/workflow-samples.ts';

const statuses = Object.keys(TRANSITIONS) as Lifecycle[];

const events: readonly ExecutionEvent[] = [
  samples.started(),
  gates.runRequested(),
  gates.runQueued(),
  gates.runAdmitted(),
  gates.runRejected(),
  samples.completed(0, 1),
  samples.failed(0, 1),
  samples.cancelled(0, 1),
  samples.compensating('pay'),
  samples.compensated(0, 1),
  samples.queued('pay'),
  gates.stepRequested('pay'),
  gates.stepAdmitted('pay'),
  gates.stepRejected('pay'),
  samples.stepStarted('pay'),
  samples.heartbeat('pay'),
  samples.stepCompleted('pay', 1),
  samples.stepFailed('pay', 1),
  samples.skipped('pay'),
  samples.stepCancelled('pay', 1),
  samples.jumped('pay', 'pay'),
  samples.branchCompleted('both', 'left'),
  samples.branchFailed('both', 'left'),
  samples.branchCancelled('both', 'left'),
  samples.retryScheduled('pay', 1, 1, 9),
  samples.continued('pay'),
  samples.stepCompensating('pay'),
  samples.stepCompensated('pay', 1),
  samples.compensationFailed('pay', 1),
  samples.variablesSet('pay'),
  samples.timerScheduled('pay', 9),
  samples.timerFired('pay', 9),
  samples.signalAwaited('pay'),
  samples.signalReceived(),
  samples.approvalRequested('pay'),
  samples.approvalDecided('pay'),
  samples.approvalWithdrawn('pay'),
  samples.paused(),
  samples.resumed(0, 1),
  samples.retried('pay'),
  migrated(),
  samples.inputRecorded('pay'),
  samples.outputRecorded('pay'),
  samples.logged('pay'),
  children.childStarted('pay'),
  children.childEnded('pay'),
  children.childCancelRequested('pay'),
  removed(),
  restored(),
  condensed(),
];

const FORWARD = [
  'step.queued',
  'step.requested',
  'step.admitted',
  'step.rejected',
  'step.started',
  'step.heartbeat',
  'step.completed',
  'step.failed',
  'step.skipped',
  'step.cancelled',
  'step.jumped',
  'branch.completed',
  'branch.failed',
  'branch.cancelled',
  'step.retry_scheduled',
  'variables.set',
  'execution.migrated',
  'timer.scheduled',
  'timer.fired',
  'signal.awaited',
  'signal.received',
  'approval.requested',
  'approval.decided',
  'approval.withdrawn',
  'step.input_recorded',
  'step.output_recorded',
  'step.logged',
  'child.started',
  'child.ended',
  'child.cancel_requested',
];
const BACKWARD = [
  'saga.continued',
  'timer.fired',
  'step.queued',
  'step.compensating',
  'step.compensated',
  'step.compensation_failed',
  'step.retry_scheduled',
  'signal.received',
  'variables.set',
  'execution.migrated',
  'step.input_recorded',
  'step.output_recorded',
  'step.logged',
];
/** What may end while nothing new is begun. */
const PAUSED = [
  'step.heartbeat',
  'step.completed',
  'step.failed',
  'step.skipped',
  'step.cancelled',
  'branch.failed',
  'branch.cancelled',
  'step.retry_scheduled',
  'step.compensated',
  'step.compensation_failed',
  'variables.set',
  'execution.migrated',
  'signal.received',
  'approval.decided',
  'approval.withdrawn',
  'child.started',
  'child.ended',
  'child.cancel_requested',
  'step.output_recorded',
  'step.logged',
];

/** What may happen in which status, and where it leads to. */
const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  none: { 'execution.started': 'running' },
  queued: {
    'execution.queued': 'queued',
    'execution.admitted': 'running',
    'execution.rejected': 'queued',
    'step.cancelled': 'queued',
    'variables.set': 'queued',
    'execution.migrated': 'queued',
    'signal.received': 'queued',
    'saga.compensating': 'compensating',
    'execution.failed': 'failed',
    'execution.cancelled': 'cancelled',
    'execution.paused': 'paused',
  },
  running: {
    ...Object.fromEntries(FORWARD.map((type) => [type, 'running'])),
    'execution.completed': 'completed',
    'execution.failed': 'failed',
    'execution.cancelled': 'cancelled',
    'saga.compensating': 'compensating',
    'execution.paused': 'paused',
    'execution.requested': 'queued',
  },
  compensating: {
    ...Object.fromEntries(BACKWARD.map((type) => [type, 'compensating'])),
    'saga.compensated': 'compensated',
    'execution.failed': 'failed',
    'execution.cancelled': 'cancelled',
    'execution.paused': 'paused',
  },
  paused: {
    ...Object.fromEntries(PAUSED.map((type) => [type, 'paused'])),
    'execution.resumed': 'running',
    'execution.cancelled': 'cancelled',
  },
  completed: {
    'execution.removed': 'completed',
    'execution.restored': 'completed',
    'execution.condensed': 'completed',
  },
  failed: {
    'variables.set': 'failed',
    'execution.migrated': 'failed',
    'execution.retried': 'running',
    'execution.removed': 'failed',
    'execution.restored': 'failed',
    'execution.condensed': 'failed',
  },
  cancelled: {
    'execution.removed': 'cancelled',
    'execution.restored': 'cancelled',
    'execution.condensed': 'cancelled',
  },
  compensated: {
    'execution.removed': 'compensated',
    'execution.restored': 'compensated',
    'execution.condensed': 'compensated',
  },
};

/** The status after an event, or why it is refused. */
const after = (status: Lifecycle, event: ExecutionEvent): string => {
  try {
    const paused = status === 'paused' ? { paused: { from: 'running' as const, at: 0 } } : {};
    const isBehindRemoval = event.type === 'execution.restored' || event.type === 'execution.condensed';
    const removed = isBehindRemoval ? { removed: true as const } : {};
    return evolve({ ...INITIAL, status, ...paused, ...removed }, event, 0).status;
  } catch (error) {
    if (error instanceof IllegalEvent && error.code === 'ILLEGAL_EVENT') return error.message;
    throw error;
  }
};

const BEHIND_END = ['execution.removed', 'execution.restored', 'execution.condensed'];

describe('the life cycle', () => {
  test.each(statuses)('%s is final when nothing can happen to it, or only a retry', (status) => {
    const left = Object.keys(TRANSITIONS[status]).filter(
      (type) => !['variables.set', 'execution.migrated', ...BEHIND_END].includes(type),
    );
    expect(isFinal(status)).toBe(left.every((type) => type === 'execution.retried'));
    expect(Object.keys(TRANSITIONS[status]).sort()).toEqual(Object.keys(ways[status] ?? {}).sort());
  });

  test('has a place for every event of an execution', () => {
    const placed = new Set(Object.values(TRANSITIONS).flatMap((transitions) => Object.keys(transitions)));
    expect([...placed].sort()).toEqual(events.map(({ type }) => type).sort());
  });

  const gone = { ...INITIAL, status: 'failed', removed: true } as const;

  test.each(events.filter(({ type }) => !['execution.restored', 'execution.condensed'].includes(type)))(
    'nothing happens to an execution that was removed but its return, or that there is none: $type',
    (event) => {
      expect(() => evolve(gone, event, 0)).toThrow(IllegalEvent);
    },
  );

  test('an execution that is back is as it was, and is not back twice', () => {
    const back = evolve(gone, restored(), 0);
    expect(back).toEqual({ ...INITIAL, status: 'failed' });
    expect(() => evolve(back, restored(), 0)).toThrow(IllegalEvent);
  });

  test('an execution that does not come back is removed, as before', () => {
    expect(evolve(gone, condensed(), 0)).toEqual(gone);
    expect(() => evolve({ ...INITIAL, status: 'failed' }, condensed(), 0)).toThrow(IllegalEvent);
  });

  describe.each(statuses)('an execution that is %s', (status) => {
    test.each(events)('is afterwards as it should be, or refuses: $type', (event) => {
      const next = ways[status]?.[event.type];
      const refusal = `Expected an event that can happen to an execution that is "${status}", but found "${event.type}".`;
      expect(after(status, event)).toBe(next ?? refusal);
    });
  });
});
