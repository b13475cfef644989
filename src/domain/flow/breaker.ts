import type { AttemptId, BreakerEvent, ByAttempt } from './breaker-events.ts';

/** Whether an activity is called, as the calls of all executions before have it. */
export interface Breaker {
  readonly status: 'closed' | 'open' | 'half_open';
  /** Failures in a row. */
  readonly failures: number;
  /** So many failures opened it, or are going to. */
  readonly threshold: number;
  /** While it is open: when an attempt may be let through, ms since the Unix epoch. */
  readonly until: number;
  /** While it is half open: the attempt that was let through. */
  readonly probe?: AttemptId;
}

/** When a breaker opens, and for how long. Times in ms. */
export interface BreakerPolicy {
  readonly threshold: number;
  /** A call that takes longer counts as a failure; without it none does for its time. */
  readonly timeout?: number;
  readonly reset: number;
}

/** A breaker before its first event. */
export const CLOSED: Breaker = Object.freeze({ status: 'closed', failures: 0, threshold: 0, until: 0 });

/** The breaker after an event; the last one alone is enough. */
export const evolveBreaker = (_breaker: Breaker, { type, facts }: BreakerEvent): Breaker => {
  switch (type) {
    case 'breaker.failed': {
      const { failures, threshold } = facts;
      return { status: 'closed', failures, threshold, until: 0 };
    }
    case 'breaker.opened': {
      const { failures, threshold, until } = facts;
      return { status: 'open', failures, threshold, until };
    }
    case 'breaker.half_opened': {
      const { failures, threshold, executionId, step, attempt } = facts;
      return { status: 'half_open', failures, threshold, until: 0, probe: { executionId, step, attempt } };
    }
    case 'breaker.succeeded':
    case 'breaker.closed':
      return CLOSED;
    default:
      return type satisfies never;
  }
};

/** Whether two names are of one attempt. */
export const isSameAttempt = (one: AttemptId | undefined, other: AttemptId): boolean =>
  one?.executionId === other.executionId && one.step === other.step && one.attempt === other.attempt;

/** What an attempt may do: be called, be refused, or ask to be the one that is let through. */
export const verdictOf = (breaker: Breaker, by: AttemptId, now: number): 'call' | 'refuse' | 'probe' => {
  if (breaker.status === 'closed' || isSameAttempt(breaker.probe, by)) return 'call';
  return breaker.status === 'open' && breaker.until <= now ? 'probe' : 'refuse';
};

/** Lets an attempt through a breaker that was open for long enough; nothing when it may not be. */
export const decideProbe = (breaker: Breaker, by: ByAttempt, now: number): readonly BreakerEvent[] => {
  if (verdictOf(breaker, by, now) !== 'probe') return [];
  const { failures, threshold } = breaker;
  return [{ type: 'breaker.half_opened', facts: { ...by, failures, threshold } }];
};

/** How a call ended. `neither`: nothing is known of what is called, as when nobody waited for the end. */
export type CallOutcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly errorType: string }
  | { readonly kind: 'neither'; readonly errorType: string };

/** What follows from the end of a call. One that began before the breaker opened changes nothing any more. */
export const decideReport = (
  breaker: Breaker,
  by: ByAttempt,
  outcome: CallOutcome,
  { threshold, reset }: BreakerPolicy,
  now: number,
): readonly BreakerEvent[] => {
  const failures = breaker.failures + 1;
  switch (breaker.status) {
    case 'open':
      return [];
    case 'half_open':
      if (!isSameAttempt(breaker.probe, by)) return [];
      if (outcome.kind === 'success') return [{ type: 'breaker.closed', facts: by }];
      return [opened(by, outcome, breaker, now + (outcome.kind === 'neither' ? 0 : reset))];
    case 'closed':
      if (outcome.kind === 'neither') return [];
      if (outcome.kind === 'success')
        return breaker.failures === 0 ? [] : [{ type: 'breaker.succeeded', facts: by }];
      if (failures >= threshold) return [opened(by, outcome, { ...breaker, threshold }, now + reset)];
      return [
        { type: 'breaker.failed', facts: { ...by, failures, threshold, errorType: outcome.errorType } },
      ];
    default:
      return breaker.status satisfies never;
  }
};

/** A probe that came to nothing leaves the count as it is, and lets the next one through at once. */
const opened = (
  by: ByAttempt,
  outcome: Exclude<CallOutcome, { readonly kind: 'success' }>,
  { failures, threshold }: Breaker,
  until: number,
): BreakerEvent => ({
  type: 'breaker.opened',
  facts: {
    ...by,
    failures: outcome.kind === 'failure' ? failures + 1 : failures,
    threshold,
    errorType: outcome.errorType,
    until,
  },
});
