import type { DomainEvent } from '../event.ts';
import type { AttemptId } from './breaker-events.ts';

interface OfLimiter {
  /** What is limited: an activity, or the activities of a workflow. */
  readonly key: string;
  /** The revision from which on the limiter's events say all there is to know. */
  readonly since: number;
}

/** An attempt wants to be let in: at once while fewer than `limit` are, and else behind those that came before it. */
export type LimiterRequested = DomainEvent<
  'limiter.requested',
  OfLimiter & AttemptId & { readonly workflow: string; readonly limit: number; readonly at: number },
  undefined
>;
/** An attempt that was let in, or that waited for it, is over: its place is free. */
export type LimiterReleased = DomainEvent<'limiter.released', OfLimiter & AttemptId, undefined>;
/** All that were let in or wait, in their order, so that what came before need not be read. */
export type LimiterCompacted = DomainEvent<
  'limiter.compacted',
  OfLimiter & {
    readonly limit: number;
    readonly places: readonly {
      readonly executionId: string;
      readonly step: string;
      readonly attempt: string;
      readonly at: string;
    }[];
  },
  undefined
>;

/** What happens to what lets only so many in at once. Who is let in follows from it, and is the same on all nodes. */
export type LimiterEvent = LimiterRequested | LimiterReleased | LimiterCompacted;
