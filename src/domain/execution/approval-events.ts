import type { E, Waiting } from './events.ts';

/**
 * Somebody is asked to decide; `assignees` names whoever may, everybody when it is empty. After `dueAt` (ms since the Unix
 * epoch), if there is such a time, nobody may any more.
 */
export type ApprovalRequested = E<
  'approval.requested',
  Waiting & { readonly assignees: readonly string[]; readonly dueAt?: number }
>;

/** What somebody can decide. */
export type ApprovalDecision = 'approved' | 'rejected';

/** Somebody has decided; the commit's actor says how it is known who. */
export type ApprovalDecided = E<
  'approval.decided',
  Waiting & { readonly decision: ApprovalDecision },
  { readonly by: string; readonly comment: string }
>;

/**
 * Nobody is asked any more: it took too long (`timeout`), its branch was given up (`joined`, `failed`), or the step or the
 * run has `ended` otherwise.
 */
export type ApprovalWithdrawn = E<
  'approval.withdrawn',
  Waiting & { readonly reason: 'timeout' | 'joined' | 'failed' | 'ended' }
>;

/** What happens to a decision that a step waits for. */
export type ApprovalEvent = ApprovalRequested | ApprovalDecided | ApprovalWithdrawn;
