import type { DomainEvent } from '../event.ts';
import type { JsonObject } from '../json.ts';
import type { ActiveStatus, E, ErrorPayload, Notifying } from './events.ts';
import type { Searchable } from './search.ts';

interface Ended {
  readonly workflow: string;
  readonly definition: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** Milliseconds from the start. */
  readonly duration: number;
  readonly from: ActiveStatus;
}

/** The run has come to its end. The payload is what it gives, where the definition says that; else it gives its variables. */
export type ExecutionCompleted = DomainEvent<
  'execution.completed',
  Ended & Pick<Searchable, 'search'>,
  { readonly output: JsonObject }
>;

interface LeftUndone {
  /** How many were not undone, when `uncompensated` has no room for all of them. */
  readonly uncompensatedCount?: number;
}

/**
 * The run has failed for good, unless somebody retries it. `uncompensated` names the completed steps whose compensation
 * failed or was not reached. Or which it `awaits`: an operator has to start it.
 */
export type ExecutionFailed = E<
  'execution.failed',
  Ended &
    Notifying &
    LeftUndone & {
      readonly step: string;
      readonly errorType: string;
      readonly uncompensated: readonly string[];
      readonly awaits?: 'compensation';
    },
  { readonly error: ErrorPayload }
>;
/**
 * The run was cancelled. `uncompensated` is there when it was being undone: the completed steps that were not.
 * `terminated`: it was ended at once, whatever it was about.
 */
export type ExecutionCancelled = E<
  'execution.cancelled',
  Ended & Notifying & LeftUndone & { readonly uncompensated?: readonly string[]; readonly terminated?: true },
  { readonly reason: string }
>;
/**
 * The run is to be undone: `steps` are to be compensated, in that order, and so many `more` that are named when they are come
 * to. Because a step has failed, unless the `cause` is a cancellation, at whose end it is cancelled.
 */
export type SagaCompensating = E<
  'saga.compensating',
  Notifying & {
    readonly workflow: string;
    readonly step: string;
    readonly errorType: string;
    readonly steps: readonly string[];
    readonly more?: number;
    readonly cause?: 'cancel';
    /** It was not running before. */
    readonly from?: 'queued';
    /** When the time of the undoing is over, where the definition limits that. */
    readonly deadline?: number;
  },
  { readonly error: ErrorPayload }
>;
/** All that was named is settled: `steps` are next, and so many `more` behind them. */
export type SagaContinued = E<
  'saga.continued',
  { readonly workflow: string; readonly steps: readonly string[]; readonly more?: number }
>;
/** All is undone: the run has ended as `compensated`. */
export type SagaCompensated = E<
  'saga.compensated',
  Ended & Notifying & { readonly step: string; readonly errorType: string }
>;

/** How a run ends, and how it is undone. */
export type EndingEvent =
  | ExecutionCompleted
  | ExecutionFailed
  | ExecutionCancelled
  | SagaCompensating
  | SagaContinued
  | SagaCompensated;
