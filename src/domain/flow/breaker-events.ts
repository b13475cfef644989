import type { DomainEvent } from '../event.ts';

/** An attempt of a step, as it is known outside its execution. */
export interface AttemptId {
  readonly executionId: string;
  /** The step's path. */
  readonly step: string;
  readonly attempt: number;
}

/** The attempt that changes a breaker, and when in its execution: the revision of the event that says how it stands. */
export interface ByAttempt extends AttemptId {
  /** What is called: the activity. */
  readonly key: string;
  readonly workflow: string;
  readonly revision: number;
}

interface Counted {
  /** Failures in a row, in all executions. */
  readonly failures: number;
  /** So many open it. */
  readonly threshold: number;
}

/** A call failed or took too long; the breaker stays closed. */
export type BreakerFailed = DomainEvent<
  'breaker.failed',
  ByAttempt & Counted & { readonly errorType: string },
  undefined
>;
/** A call succeeded after others had failed: these do not count any more. */
export type BreakerSucceeded = DomainEvent<'breaker.succeeded', ByAttempt, undefined>;
/** Too many calls failed in a row: nothing is called before `until` (ms since the Unix epoch). */
export type BreakerOpened = DomainEvent<
  'breaker.opened',
  ByAttempt & Counted & { readonly errorType: string; readonly until: number },
  undefined
>;
/** This attempt, and no other, is let through to see whether calls succeed again. */
export type BreakerHalfOpened = DomainEvent<'breaker.half_opened', ByAttempt & Counted, undefined>;
/** The attempt that was let through has succeeded: all are, again. */
export type BreakerClosed = DomainEvent<'breaker.closed', ByAttempt, undefined>;

/** What happens to the breaker of an activity. Each event says all there is to know of it. */
export type BreakerEvent =
  BreakerFailed | BreakerSucceeded | BreakerOpened | BreakerHalfOpened | BreakerClosed;
