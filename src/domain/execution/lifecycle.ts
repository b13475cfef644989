import type { ExecutionEvent, ExecutionStatus, FinalStatus } from './events.ts';

/** The status of an execution; `none` before it was started. */
export type Lifecycle = 'none' | ExecutionStatus;

type Transitions = Readonly<Partial<Record<ExecutionEvent['type'], ExecutionStatus>>>;

/** Which events may happen in which status, and the status that each leads to. What is not here cannot happen. */
export const TRANSITIONS: Readonly<Record<Lifecycle, Transitions>> = {
  none: { 'execution.started': 'running' },
  // It waits until fewer of its workflow's go on than may.
  queued: {
    'execution.queued': 'queued',
    'execution.admitted': 'running',
    'execution.rejected': 'queued',
    'execution.paused': 'paused',
    'variables.set': 'queued',
    'execution.migrated': 'queued',
    'signal.received': 'queued',
    // What it was about when it failed, before somebody retried it.
    'step.cancelled': 'queued',
    'saga.compensating': 'compensating',
    'execution.failed': 'failed',
    'execution.cancelled': 'cancelled',
  },
  running: {
    'execution.requested': 'queued',
    'step.queued': 'running',
    'step.requested': 'running',
    'step.admitted': 'running',
    'step.rejected': 'running',
    'step.started': 'running',
    'step.heartbeat': 'running',
    'step.completed': 'running',
    'step.failed': 'running',
    'step.skipped': 'running',
    'step.cancelled': 'running',
    'step.jumped': 'running',
    'branch.completed': 'running',
    'branch.failed': 'running',
    'branch.cancelled': 'running',
    'step.retry_scheduled': 'running',
    'variables.set': 'running',
    'timer.scheduled': 'running',
    'timer.fired': 'running',
    'signal.awaited': 'running',
    'signal.received': 'running',
    'approval.requested': 'running',
    'approval.decided': 'running',
    'approval.withdrawn': 'running',
    'execution.paused': 'paused',
    'execution.migrated': 'running',
    'step.input_recorded': 'running',
    'step.output_recorded': 'running',
    'step.logged': 'running',
    'child.started': 'running',
    'child.ended': 'running',
    'child.cancel_requested': 'running',
    'saga.compensating': 'compensating',
    'execution.completed': 'completed',
    'execution.failed': 'failed',
    'execution.cancelled': 'cancelled',
  },
  compensating: {
    'saga.continued': 'compensating',
    'step.queued': 'compensating',
    'step.compensating': 'compensating',
    'timer.fired': 'compensating',
    'step.compensated': 'compensating',
    'step.compensation_failed': 'compensating',
    'step.retry_scheduled': 'compensating',
    'signal.received': 'compensating',
    'variables.set': 'compensating',
    'execution.migrated': 'compensating',
    'execution.paused': 'paused',
    'step.input_recorded': 'compensating',
    'step.output_recorded': 'compensating',
    'step.logged': 'compensating',
    'saga.compensated': 'compensated',
    'execution.failed': 'failed',
    'execution.cancelled': 'cancelled',
  },
  // What was under way ends, and nothing follows from it.
  paused: {
    'step.heartbeat': 'paused',
    'step.completed': 'paused',
    'step.failed': 'paused',
    'step.skipped': 'paused',
    'step.cancelled': 'paused',
    'branch.failed': 'paused',
    'branch.cancelled': 'paused',
    'step.retry_scheduled': 'paused',
    'step.compensated': 'paused',
    'step.compensation_failed': 'paused',
    'variables.set': 'paused',
    'execution.migrated': 'paused',
    'signal.received': 'paused',
    'approval.decided': 'paused',
    'approval.withdrawn': 'paused',
    'step.output_recorded': 'paused',
    'step.logged': 'paused',
    'child.started': 'paused',
    'child.ended': 'paused',
    'child.cancel_requested': 'paused',
    // Or back to being undone, or to waiting, as the event says.
    'execution.resumed': 'running',
    'execution.cancelled': 'cancelled',
  },
  // Nothing follows a removal but its being taken back, or made final; all of them leave the status as it was.
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

const FINAL: ReadonlySet<Lifecycle> = new Set<Lifecycle>(['completed', 'failed', 'cancelled', 'compensated']);

/** Whether an execution has ended: nothing happens to it any more, unless somebody retries one that failed. */
export const isFinal = (status: Lifecycle): status is FinalStatus => FINAL.has(status);

const ENDS: ReadonlySet<string> = new Set(
  Object.entries(TRANSITIONS).flatMap(([from, transitions]) =>
    Object.entries(transitions).flatMap(([type, to]) =>
      !FINAL.has(from as Lifecycle) && FINAL.has(to) ? [type] : [],
    ),
  ),
);

/** Whether an event of this type ends its execution. */
export const isEnd = (type: string): boolean => ENDS.has(type);

/** Whether an event may also happen to an execution that has ended, which stays so: its end is before that. */
export const leavesEnd = ({ type, facts }: { readonly type: string; readonly facts: object }): boolean =>
  type === 'execution.migrated' ||
  type === 'execution.removed' ||
  type === 'execution.restored' ||
  type === 'execution.condensed' ||
  (type === 'variables.set' && 'step' in facts && facts.step === '');
