/** What lets only so many calls be made at once. */
export type LimitGate = 'max_activities' | 'bulkhead';

/** How many calls of a step's activity are made at once. */
export interface CallLimit {
  readonly gate: LimitGate;
  /** How many are let in at once. */
  readonly limit: number;
  /** How many may wait; without it any number. */
  readonly queue?: number;
  /** Milliseconds that one may wait; without it as long as it takes. */
  readonly timeout?: number;
}

/** What a limit is of: a bulkhead of the activity, whatever calls it, and the other of all activities of the workflow. */
export const keyOfLimit = ({ gate }: CallLimit, workflow: string, activity: string): string =>
  gate === 'bulkhead' ? activity : workflow;

/** The name that tells a limit from all others. */
export const nameOfLimit = (gate: LimitGate, key: string): string => `${gate}:${key}`;
