import { Query } from '@nestjs/cqrs';
import type { Gate } from '../domain/execution/admission-events.ts';
import type { Exemplar } from '../projections/exemplars.ts';
import type { Window } from '../projections/sum-outcomes.ts';
import type { WaitFor } from './queries.ts';

/** How long things took, ms. */
export interface Times {
  /** These are exact; `undefined` when nothing was measured, as is any quantile. */
  readonly avg: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** What a share of 0 to 1 took at most. */
  readonly quantile: (q: number) => number | undefined;
  /** The most that a quantile is away from the exact one, as a share of it. */
  readonly relativeError: number;
}

/** How long things took and how they ended. Rates are percent. */
export interface Taken {
  readonly executionTime: Times;
  readonly count: number;
  readonly successRate: number | undefined;
  readonly errorRate: number | undefined;
  readonly slowest: readonly Exemplar[];
}

/** How often things failed with one type of error, and the last time (ms since the Unix epoch) that they did. */
export interface FailuresOfType {
  /** `undefined` for those that there was no room for, together. */
  readonly errorType: string | undefined;
  readonly count: number;
  readonly last: { readonly executionId: string; readonly revision: number; readonly at: number };
}

/** What went otherwise than straight on. */
export interface Troubles {
  /** Attempts that failed and are made again. */
  readonly retries: number;
  /** Executions that had failed and were retried by hand. */
  readonly reopened: number;
  /** How often the breaker of the activity opened; of every version. */
  readonly breakerOpenings: number;
  /** What was not let through, by what did not, the most first. */
  readonly rejections: readonly { readonly gate: Gate; readonly count: number }[];
  /** How many were queued and went on. */
  readonly waits: number;
  /** For how long. */
  readonly waitTime: Times;
  /** The most frequent type first. */
  readonly failures: readonly FailuresOfType[];
}

/** The measures of a time span. */
export interface Metrics extends Taken, Troubles {
  /** Per minute of the window. */
  readonly throughput: number;
  /** Whole buckets. */
  readonly window: Window;
}

/** The measures of an activity's attempts at a step. */
export interface StepMetrics extends Taken {
  /** Its path, whichever turn of a loop it is in: `each[].pay`. */
  readonly step: string;
  readonly activity: string;
}

/** What is measured: a workflow's executions, or an activity's attempts in it, over a time span (ms since the Unix epoch). */
export interface Measured {
  readonly workflow: string;
  readonly activity?: string | undefined;
  /** Number of the version; all of them without it. */
  readonly version?: number | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly waitFor?: WaitFor;
}

/** The measures over a whole time span. Rejects with `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`. */
export class GetMetrics extends Query<Metrics> {
  readonly of: Measured;

  constructor(of: Measured) {
    super();
    this.of = of;
  }
}

/** The measures of each `step` (ms) of a time span, one after the other. Rejects with `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`. */
export class GetMetricsSeries extends Query<readonly Metrics[]> {
  readonly of: Measured;
  readonly step: number;

  constructor(of: Measured, step: number) {
    super();
    this.of = of;
    this.step = step;
  }
}

/** The steps of a workflow that take the longest at a share `q` of their attempts. Rejects as `GetMetrics` does. */
export class GetSlowestSteps extends Query<readonly StepMetrics[]> {
  readonly of: Measured;
  readonly q: number;
  /** The most that are wanted. */
  readonly first: number;

  constructor(of: Measured, q: number, first: number) {
    super();
    this.of = of;
    this.q = q;
    this.first = first;
  }
}
