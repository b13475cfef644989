import type { DomainEvent } from '../event.ts';
import type { AttemptId } from './breaker-events.ts';

interface OfLimiter {
  /** What is limited: an activity, a workflow or its activities; with a hash of what for where each value of a key has its own. */
  readonly key: string;
  /** The revision from which on the limiter's events say all there is to know. */
  readonly since: number;
}

/** How many are let in at once. */
interface Limited {
  readonly limit: number;
  /** And how many of one lane. */
  readonly perLane?: number;
}

/**
 * An attempt wants to be let in: at once while fewer than `limit` are, and else behind those that came before it and are as
 * urgent. Where there are lanes, each has its turn. A whole execution names no step, and its request as the attempt.
 */
export type LimiterRequested = DomainEvent<
  'limiter.requested',
  OfLimiter &
    Limited &
    AttemptId & {
      readonly workflow: string;
      readonly at: number;
      /** 0 unless it says so. */
      readonly priority?: number;
      /** A hash, since what it stands for may be personal. */
      readonly lane?: string;
    },
  undefined
>;
/** An attempt that was let in, or that waited for it, is over: its place is free. */
export type LimiterReleased = DomainEvent<'limiter.released', OfLimiter & AttemptId, undefined>;

/** A place as it is told among others. */
export interface ToldPlace {
  readonly executionId: string;
  readonly step: string;
  readonly attempt: string;
  readonly at: string;
  readonly priority?: string;
  readonly lane?: string;
}

/**
 * All that were let in or wait, in their order, lanes in that of their turns, so that what came before need not be read.
 * The first `inside` of them are in; as many as the limit allows unless it says so.
 */
export type LimiterCompacted = DomainEvent<
  'limiter.compacted',
  OfLimiter & Limited & { readonly places: readonly ToldPlace[]; readonly inside?: number },
  undefined
>;

/** What happens to what lets only so many in at once. Who is let in follows from it, and is the same on all nodes. */
export type LimiterEvent = LimiterRequested | LimiterReleased | LimiterCompacted;
