import type { LogLevel } from '../log-level.ts';

/** Parts of the server that are told apart in what is kept of a run. */
export const COMPONENTS = ['workflow_engine', 'activity_executor', 'state_manager'] as const;

/** A part of the server. */
export type Component = (typeof COMPONENTS)[number];

/** What is kept of runs for whoever looks into them. */
export interface Tracing {
  readonly enabled: boolean;
  /** The share of runs whose spans are kept though they do not fail. */
  readonly samplingRate: number;
  /** Inputs and outputs of those runs are kept too. */
  readonly capture: boolean;
  /** Of these parts only. */
  readonly components?: readonly Component[];
}

/** Which lines of a run's log are kept. */
export interface Logging {
  /** Lines that matter less are not. */
  readonly level: LogLevel;
  /** Of these parts only. */
  readonly components?: readonly Component[];
}
