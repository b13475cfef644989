import type { Gate } from './admission-events.ts';
import type { E, ErrorPayload } from './events.ts';
import type { Rank } from './rank.ts';

interface OfRun {
  readonly workflow: string;
  /** How often the run has asked by now, from 1: anew when it is retried. */
  readonly request: number;
}

interface OfLimit extends OfRun {
  /** What the limit is of: the workflow, with the hash of the value of its key where each has one. */
  readonly key: string;
}

interface AtLimit extends OfLimit {
  readonly gate: Extract<Gate, 'max_workflows'>;
}

/** The run is to go on as soon as fewer of its workflow's do than may. */
export type ExecutionRequested = E<'execution.requested', OfLimit & Rank>;

/** As many of its workflow's runs go on as may: it waits, at a position (from 1) of so many. */
export type ExecutionQueued = E<
  'execution.queued',
  AtLimit & { readonly position: number; readonly of: number }
>;

/**
 * The run goes on, as one of `count` of at most `of`; `waited` is for how many ms it was queued, where it was. Its time
 * begins now where the definition limits that, and so does that of the blocks that it goes on in, by their paths.
 */
export type ExecutionAdmitted = E<
  'execution.admitted',
  AtLimit & {
    readonly count: number;
    readonly of: number;
    readonly waited?: number;
    readonly deadline?: number;
    readonly deadlines?: Readonly<Record<string, number>>;
  }
>;

/** The run has waited for too long, at a position of so many, and fails. */
export type ExecutionRejected = E<
  'execution.rejected',
  AtLimit & { readonly count: number; readonly of: number; readonly errorType: string },
  { readonly error: ErrorPayload }
>;

/** How a run comes to go on, or not, where only so many do at once. */
export type RunEvent = ExecutionRequested | ExecutionQueued | ExecutionAdmitted | ExecutionRejected;
