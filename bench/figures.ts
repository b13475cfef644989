/** What is run: the same for every engine that is measured. */
export interface Workload {
  readonly executions: number;
  readonly inFlight: number;
  /** How many follow one at a time. */
  readonly alone: number;
  /** How many come first, uncounted. */
  readonly warmUp: number;
}

/** Steps of each execution: sequential, durable, without work of their own. */
export const STEPS = 5;

/** The standard work. */
export const STANDARD: Workload = { executions: 2_000, inFlight: 64, alone: 200, warmUp: 300 };

/** Milliseconds from the start of an execution to its end. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What was measured of one engine. */
export interface Figures {
  readonly name: string;
  readonly executionsPerSecond: number;
  /** Events that are durable, where the engine tells. */
  readonly eventsPerSecond?: number;
  /** With `inFlight` at once. */
  readonly latency: Latency;
  /** One at a time. */
  readonly alone: Latency;
  /** Resident memory of all its processes at the end, MiB. */
  readonly memory: number;
  /** Milliseconds until the views had folded the last event, where there are views. */
  readonly viewsBehind?: number;
}

/** The nearest-rank percentiles of some values. */
export const percentiles = (values: readonly number[]): Latency => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
};

/** To three digits behind the point. */
export const round = (value: number): number => Math.round(value * 1_000) / 1_000;
