import type { LimiterPolicy } from './limiter.ts';

/** What lets only so many calls be made, or executions go on, at once. */
export type LimitGate = 'max_workflows' | 'max_activities' | 'bulkhead';

/** How many calls of a step's activity are made at once, or how many executions go on. */
export interface CallLimit {
  readonly gate: LimitGate;
  /** How many are let in at once; where there is a key, of each of its values. */
  readonly limit: number;
  /** How many are let in at once, whatever their keys, whose values take turns. */
  readonly total?: number;
  /** How many may wait; without it any number. */
  readonly queue?: number;
  /** Milliseconds that one may wait; without it as long as it takes. */
  readonly timeout?: number;
}

/** What is asked at a limit. */
interface Asked {
  readonly limit: CallLimit;
  readonly workflow: string;
  readonly activity: string;
  /** The value of the key, by its hash. */
  readonly lane?: string;
}

/**
 * What a limit is of: a bulkhead of the activity, whatever calls it, and the others of the workflow, or of each value of
 * its key where those have nothing to do with each other.
 */
export const keyOfLimit = ({ limit, workflow, activity, lane }: Asked): string => {
  if (limit.gate === 'bulkhead') return activity;
  return lane === undefined || limit.total !== undefined ? workflow : `${workflow}#${lane}`;
};

/** How a limit is kept. */
export const policyOf = ({ limit, total, queue }: CallLimit): LimiterPolicy => ({
  ...(total === undefined ? { limit } : { limit: total, perLane: limit }),
  ...(queue === undefined ? {} : { queue }),
});

/** The lane of who asks, where there are several of one limit. */
export const laneOf = ({ limit, lane }: Pick<Asked, 'limit' | 'lane'>): string | undefined =>
  limit.gate === 'bulkhead' || limit.total === undefined ? undefined : lane;

/** The name that tells a limit from all others. */
export const nameOfLimit = (gate: LimitGate, key: string): string => `${gate}:${key}`;
