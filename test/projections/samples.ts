import type { ActiveStatus, BlockKind, Phase } from '../../src/domain/execution/events.ts';
import type { Json } from '../../src/domain/json.ts';
import type { LogLevel } from '../../src/domain/log-level.ts';
import type { EventOf } from '../../src/domain/registry.ts';

/** The workflow of the samples. */
export const WORKFLOW = 'ship_order';

/** The definition of the samples. */
export const DEFINITION = 'sha256:abc';

const error = { type: 'Oops', message: 'It went wrong.' };

const attempt = (step: string, n: number, activity = step) => ({
  workflow: WORKFLOW,
  step,
  activity,
  attempt: n,
});

const end = (startedAt: number, duration: number, from: ActiveStatus) => ({
  workflow: WORKFLOW,
  definition: DEFINITION,
  startedAt,
  duration,
  from,
});

/** An execution was started by hand. */
export const started = (workflow = WORKFLOW): EventOf<'execution.started'> => ({
  type: 'execution.started',
  facts: { workflow, definition: DEFINITION, trigger: 'manual' },
  payload: { input: { secret: 'in' }, event: null, variables: {} },
});

export const completed = (startedAt: number, duration: number): EventOf<'execution.completed'> => ({
  type: 'execution.completed',
  facts: end(startedAt, duration, 'running'),
});

export const failed = (
  startedAt: number,
  duration: number,
  from: ActiveStatus = 'running',
  uncompensated: readonly string[] = [],
): EventOf<'execution.failed'> => ({
  type: 'execution.failed',
  facts: { ...end(startedAt, duration, from), step: 'pay', errorType: 'Oops', uncompensated },
  payload: { error },
});

export const cancelled = (
  startedAt: number,
  duration: number,
  from: ActiveStatus = 'running',
): EventOf<'execution.cancelled'> => ({
  type: 'execution.cancelled',
  facts: end(startedAt, duration, from),
  payload: { reason: 'enough' },
});

export const compensating = (...steps: readonly string[]): EventOf<'saga.compensating'> => ({
  type: 'saga.compensating',
  facts: { workflow: WORKFLOW, step: 'pay', errorType: 'Oops', steps },
  payload: { error },
});

export const continued = (...steps: readonly string[]): EventOf<'saga.continued'> => ({
  type: 'saga.continued',
  facts: { workflow: WORKFLOW, steps },
});

export const compensated = (startedAt: number, duration: number): EventOf<'saga.compensated'> => ({
  type: 'saga.compensated',
  facts: { ...end(startedAt, duration, 'compensating'), step: 'pay', errorType: 'Oops' },
});

export const queued = (step: string, n = 1): EventOf<'step.queued'> => ({
  type: 'step.queued',
  facts: { ...attempt(step, n), reason: 'no_activity' },
});

export const stepStarted = (step: string, n = 1, activity = step): EventOf<'step.started'> => ({
  type: 'step.started',
  facts: { ...attempt(step, n, activity), fallback: activity !== step },
  payload: { input: { secret: 'in' } },
});

export const heartbeat = (step: string, n = 1): EventOf<'step.heartbeat'> => ({
  type: 'step.heartbeat',
  facts: attempt(step, n),
  payload: { progress: { secret: 'progress' } },
});

export const stepCompleted = (
  step: string,
  duration: number,
  n = 1,
  activity = step,
): EventOf<'step.completed'> => ({
  type: 'step.completed',
  facts: { ...attempt(step, n, activity), duration },
  payload: { output: { secret: 'out' } },
});

export const stepFailed = (
  step: string,
  duration: number,
  n = 1,
  handled: EventOf<'step.failed'>['facts']['handled'] = 'stop',
): EventOf<'step.failed'> => ({
  type: 'step.failed',
  facts: { ...attempt(step, n), duration, errorType: 'Oops', handled },
  payload: { error },
});

export const skipped = (step: string, reason: 'guard' | 'fallback' = 'guard'): EventOf<'step.skipped'> => ({
  type: 'step.skipped',
  facts: { workflow: WORKFLOW, step, reason },
});

export const retryScheduled = (
  step: string,
  duration: number,
  n: number,
  dueAt: number,
  compensation = false,
): EventOf<'step.retry_scheduled'> => ({
  type: 'step.retry_scheduled',
  facts: { ...attempt(step, n), duration, errorType: 'Oops', delay: 100, dueAt, compensation },
  payload: { error },
});

export const stepCompensating = (step: string, n = 1): EventOf<'step.compensating'> => ({
  type: 'step.compensating',
  facts: attempt(step, n, `undo_${step}`),
});

export const stepCompensated = (step: string, duration: number, n = 1): EventOf<'step.compensated'> => ({
  type: 'step.compensated',
  facts: { ...attempt(step, n, `undo_${step}`), duration },
  payload: { output: null },
});

export const compensationFailed = (
  step: string,
  duration: number,
  n = 1,
): EventOf<'step.compensation_failed'> => ({
  type: 'step.compensation_failed',
  facts: { ...attempt(step, n, `undo_${step}`), duration, errorType: 'Oops' },
  payload: { error },
});

export const variablesSet = (step: string): EventOf<'variables.set'> => ({
  type: 'variables.set',
  facts: { workflow: WORKFLOW, step, names: ['a'] },
  payload: { variables: { a: 'secret' } },
});

export const timerScheduled = (
  step: string,
  dueAt: number,
  purpose: 'wait' | 'timeout' = 'wait',
): EventOf<'timer.scheduled'> => ({
  type: 'timer.scheduled',
  facts: { workflow: WORKFLOW, step, dueAt, purpose },
});

export const timerFired = (
  step: string,
  dueAt: number,
  purpose: EventOf<'timer.fired'>['facts']['purpose'] = 'wait',
): EventOf<'timer.fired'> => ({ type: 'timer.fired', facts: { workflow: WORKFLOW, step, dueAt, purpose } });

export const signalAwaited = (step: string): EventOf<'signal.awaited'> => ({
  type: 'signal.awaited',
  facts: { workflow: WORKFLOW, step, signal: 'paid' },
});

export const signalReceived = (step = ''): EventOf<'signal.received'> => ({
  type: 'signal.received',
  facts: { workflow: WORKFLOW, signal: 'paid', step },
  payload: { payload: { secret: 'signal' } },
});

export const registered = (number: number, triggerEvent = ''): EventOf<'workflow.registered'> => ({
  type: 'workflow.registered',
  facts: { workflow: WORKFLOW, definition: `sha256:${number}`, number, triggerEvent },
  payload: { source: 'execution: …', document: {} },
});

export const emitted = (): EventOf<'event.emitted'> => ({
  type: 'event.emitted',
  facts: { event: 'order:placed' },
  payload: { payload: {} },
});

const inBranch = (step: string, branch: string) => ({ workflow: WORKFLOW, step, branch });

export const blockStarted = (
  step: string,
  block: BlockKind,
  items: readonly Json[] = [],
): EventOf<'step.started'> => ({
  type: 'step.started',
  facts: { ...attempt(step, 1, block), fallback: false, block },
  payload: { input: items },
});

export const stepCancelled = (step: string, duration: number, n = 1): EventOf<'step.cancelled'> => ({
  type: 'step.cancelled',
  facts: { ...attempt(step, n), duration, reason: 'joined' },
});

export const jumped = (step: string, to: string): EventOf<'step.jumped'> => ({
  type: 'step.jumped',
  facts: { workflow: WORKFLOW, step, to },
});

export const branchCompleted = (step: string, branch: string): EventOf<'branch.completed'> => ({
  type: 'branch.completed',
  facts: inBranch(step, branch),
});

export const branchFailed = (step: string, branch: string): EventOf<'branch.failed'> => ({
  type: 'branch.failed',
  facts: { ...inBranch(step, branch), failed: `${step}[${branch}].pay`, errorType: 'Oops' },
  payload: { error },
});

export const branchCancelled = (step: string, branch: string): EventOf<'branch.cancelled'> => ({
  type: 'branch.cancelled',
  facts: { ...inBranch(step, branch), reason: 'joined' },
});

export const approvalRequested = (
  step: string,
  assignees: readonly string[] = ['ann'],
): EventOf<'approval.requested'> => ({
  type: 'approval.requested',
  facts: { workflow: WORKFLOW, step, assignees },
});

export const approvalDecided = (step: string): EventOf<'approval.decided'> => ({
  type: 'approval.decided',
  facts: { workflow: WORKFLOW, step, decision: 'approved' },
  payload: { by: 'ann', comment: 'fine' },
});

export const approvalWithdrawn = (step: string): EventOf<'approval.withdrawn'> => ({
  type: 'approval.withdrawn',
  facts: { workflow: WORKFLOW, step, reason: 'timeout' },
});

export const paused = (from: Phase = 'running'): EventOf<'execution.paused'> => ({
  type: 'execution.paused',
  facts: { workflow: WORKFLOW, from },
  payload: { reason: 'wait' },
});

export const resumed = (
  pausedAt: number,
  duration: number,
  to: Phase = 'running',
): EventOf<'execution.resumed'> => ({
  type: 'execution.resumed',
  facts: { workflow: WORKFLOW, to, pausedAt, duration },
  payload: { reason: 'go on' },
});

export const retried = (step: string, ...blocks: readonly string[]): EventOf<'execution.retried'> => ({
  type: 'execution.retried',
  facts: { workflow: WORKFLOW, step, blocks },
  payload: { reason: 'mended' },
});

const toldBy = (execution: string) => ({
  workflow: WORKFLOW,
  execution,
  step: 'pay',
  channel: 'slack' as const,
  recipient: 'admins',
  about: 'execution.failed',
});

export const notificationRequested = (
  execution: string,
  revision?: number,
): EventOf<'notification.requested'> => ({
  type: 'notification.requested',
  facts: { ...toldBy(execution), ...(revision === undefined ? {} : { revision }) },
  payload: { subject: 'ship_order failed', text: 'It went wrong.' },
});

export const notificationResendRequested = (execution: string): EventOf<'notification.resend_requested'> => ({
  type: 'notification.resend_requested',
  facts: toldBy(execution),
  payload: { reason: 'mended' },
});

export const notificationSent = (execution: string, attempt: number): EventOf<'notification.sent'> => ({
  type: 'notification.sent',
  facts: { ...toldBy(execution), attempt, duration: 5 },
});

export const notificationFailed = (
  execution: string,
  attempt: number,
  dueAt?: number,
): EventOf<'notification.failed'> => ({
  type: 'notification.failed',
  facts: {
    ...toldBy(execution),
    attempt,
    duration: 5,
    errorType: 'Oops',
    ...(dueAt === undefined ? {} : { dueAt }),
  },
  payload: { error },
});

export const notificationDeadLettered = (
  execution: string,
  attempts: number,
): EventOf<'notification.dead_lettered'> => ({
  type: 'notification.dead_lettered',
  facts: { ...toldBy(execution), attempts, errorType: 'Oops' },
});

export const inputRecorded = (step: string, n = 1): EventOf<'step.input_recorded'> => ({
  type: 'step.input_recorded',
  facts: { workflow: WORKFLOW, step, attempt: n, bytes: 15 },
  payload: { input: { secret: 'in' } },
});

export const outputRecorded = (step: string, n = 1): EventOf<'step.output_recorded'> => ({
  type: 'step.output_recorded',
  facts: { workflow: WORKFLOW, step, attempt: n, bytes: 16 },
  payload: { output: { secret: 'out' } },
});

export const logged = (step: string, level: LogLevel = 'info', at = 0): EventOf<'step.logged'> => ({
  type: 'step.logged',
  facts: { ...attempt(step, 1), level, at },
  payload: { message: 'secret words', fields: { secret: 'field' } },
});
