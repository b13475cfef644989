import type { EventType } from '../domain/registry.ts';

/** How the branches of a step's blocks end. */
export const BRANCH_EVENTS = [
  'branch.completed',
  'branch.failed',
  'branch.cancelled',
] as const satisfies readonly EventType[];

/** What happens to decisions that steps wait for. */
export const APPROVAL_EVENTS = [
  'approval.requested',
  'approval.decided',
  'approval.withdrawn',
] as const satisfies readonly EventType[];

/** What is kept of steps for whoever looks into them. */
export const CAPTURE_EVENTS = [
  'step.input_recorded',
  'step.output_recorded',
  'step.logged',
] as const satisfies readonly EventType[];

/** How attempts come to be made where their activities are limited. */
export const ADMISSION_EVENTS = [
  'step.requested',
  'step.admitted',
  'step.rejected',
] as const satisfies readonly EventType[];

/** What happens to the children that steps start. */
export const CHILD_EVENTS = [
  'child.started',
  'child.ended',
  'child.cancel_requested',
] as const satisfies readonly EventType[];

/** What happens to the steps of an execution besides. */
export const OTHER_STEP_EVENTS = [
  'step.queued',
  ...ADMISSION_EVENTS,
  'step.started',
  'step.heartbeat',
  'step.completed',
  'step.failed',
  'step.skipped',
  'step.cancelled',
  'step.jumped',
  ...BRANCH_EVENTS,
  'step.retry_scheduled',
  'saga.continued',
  'step.compensating',
  'step.compensated',
  'step.compensation_failed',
  'variables.set',
  'timer.scheduled',
  'timer.fired',
  'signal.awaited',
  'signal.received',
  ...CAPTURE_EVENTS,
  ...CHILD_EVENTS,
] as const satisfies readonly EventType[];

/** What happens to the steps of an execution, for projections that look at whole executions only. */
export const STEP_EVENTS = [...OTHER_STEP_EVENTS, ...APPROVAL_EVENTS] as const satisfies readonly EventType[];

/** What operators do to a whole execution, besides ending it. */
export const OPERATOR_EVENTS = [
  'execution.paused',
  'execution.resumed',
  'execution.retried',
  'execution.migrated',
] as const satisfies readonly EventType[];

/** How executions come to go on where only so many may. */
export const RUN_EVENTS = [
  'execution.requested',
  'execution.queued',
  'execution.admitted',
  'execution.rejected',
] as const satisfies readonly EventType[];

/** What happens to whole executions. */
export const EXECUTION_EVENTS = [
  'execution.started',
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'saga.compensating',
  'saga.compensated',
  ...RUN_EVENTS,
  ...OPERATOR_EVENTS,
] as const satisfies readonly EventType[];

/** What becomes of notifications. */
export const NOTIFICATION_EVENTS = [
  'notification.requested',
  'notification.resend_requested',
  'notification.sent',
  'notification.failed',
  'notification.dead_lettered',
] as const satisfies readonly EventType[];

/** What happens to what lets only so many calls be made at once. */
export const LIMITER_EVENTS = [
  'limiter.requested',
  'limiter.released',
  'limiter.compacted',
  'rate.reserved',
] as const satisfies readonly EventType[];

/** What happens to what limits activities, which executions share. */
export const FLOW_EVENTS = [
  'breaker.failed',
  'breaker.succeeded',
  'breaker.opened',
  'breaker.half_opened',
  'breaker.closed',
  ...LIMITER_EVENTS,
] as const satisfies readonly EventType[];

/** What happens to workflows, for projections that look at executions only. */
export const WORKFLOW_EVENTS = [
  'workflow.registered',
  'workflow.default_set',
  'workflow.default_cleared',
  'workflow.retired',
  'workflow.unretired',
  'workflow.version_retired',
  'workflow.version_unretired',
] as const satisfies readonly EventType[];

/** What happens to schedules, for projections that look at executions and workflows only. */
export const SCHEDULE_EVENTS = [
  'schedule.fired',
  'schedule.queued',
  'schedule.skipped',
  'schedule.missed',
  'schedule.paused',
  'schedule.resumed',
] as const satisfies readonly EventType[];

/** Executions that are kept no longer, and that are back: documents that are of one go and come with it (`forgets`). */
export const REMOVAL_EVENTS = [
  'execution.removed',
  'execution.restored',
] as const satisfies readonly EventType[];

/** How what is kept no longer is removed, which no view shows. */
export const RETAINING_EVENTS = [
  'execution.condensed',
  'retention.begun',
  'retention.chosen',
  'retention.removed',
  'retention.ended',
  'truncation.begun',
  'truncation.condensed',
  'truncation.chosen',
  'truncation.ended',
] as const satisfies readonly EventType[];

/** What becomes of keys that are given out, which nodes follow by themselves. */
export const ACCESS_EVENTS = [
  'access.key_created',
  'access.key_revoked',
] as const satisfies readonly EventType[];

/** What is kept no longer, for projections that do not count what there is. */
export const RETENTION_EVENTS = [
  ...REMOVAL_EVENTS,
  ...RETAINING_EVENTS,
] as const satisfies readonly EventType[];

/** Who has read what, and who was not let. */
export const AUDIT_EVENTS = [
  'audit.read',
  'audit.acted',
  'audit.refused',
  'audit.day_began',
] as const satisfies readonly EventType[];

/** What nodes agree on among themselves and what is kept of them, which no view of runs shows. */
export const NODE_EVENTS = [
  'partition.claimed',
  'partition.renewed',
  'partition.released',
  'node.announced',
  'recorder.advanced',
  'projection.event_parked',
  ...RETAINING_EVENTS,
  ...ACCESS_EVENTS,
  ...AUDIT_EVENTS,
] as const satisfies readonly EventType[];

/** The same, and what becomes of executions that have ended for long. */
export const PARTITION_EVENTS = [...NODE_EVENTS, ...REMOVAL_EVENTS] as const satisfies readonly EventType[];

/** What is decided of triggers that do not start an execution for each event. */
export const TRIGGER_EVENTS = [
  'trigger.fired',
  'trigger.skipped',
  'trigger.gathered',
  'trigger.released',
] as const satisfies readonly EventType[];
