import type { ExecutionStatus } from '../../domain/execution/events.ts';

/** Every status: each execution has one of them. */
export const STATUSES: readonly ExecutionStatus[] = [
  'cancelled',
  'compensated',
  'compensating',
  'completed',
  'failed',
  'paused',
  'queued',
  'running',
];
