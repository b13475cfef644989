import type { BreakerPolicy } from '../flow/breaker.ts';
import type { CallLimit } from '../flow/limits.ts';
import type { RatePolicy } from '../flow/rate.ts';
import type { Needs } from '../flow/resources.ts';
import type { Fallback, Template } from './definition.ts';

/** How many calls are begun in a time. */
export interface RateLimit extends RatePolicy {
  /** Each value of it has a limit of its own. */
  readonly key?: Template;
}

/** How much of a workflow goes on at once. */
export interface Concurrency {
  /** How many of its executions do. */
  readonly workflows?: CallLimit;
  /** Each value of it has limits of its own. */
  readonly key?: Template;
  /** Gives a whole number: of those that wait, the highest goes first. */
  readonly priority?: Template;
}

/** What limits the calls of a step's activity. */
export interface GatesOfActivity {
  /** When its activity is not called, as calls of it by all executions go. */
  readonly breaker?: BreakerPolicy;
  /** How many calls of it are made at once, by all executions. */
  readonly limits?: readonly CallLimit[];
  /** How many calls of it are begun in a time, by all executions. */
  readonly rate?: RateLimit;
  /** What a call of it takes of the node that makes it. */
  readonly needs?: Needs;
  /** What follows when its bulkhead turned it away; its fallback unless this is given. */
  readonly bulkheadFallback?: Fallback;
}
