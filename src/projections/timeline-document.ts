import type { Gate } from '../domain/execution/admission-events.ts';
import type { ApprovalDecision } from '../domain/execution/approval-events.ts';
import type { ExecutionStatus, FailureHandling, GivenUp, Limit } from '../domain/execution/events.ts';
import type { BreakerStatus } from './timeline-gates.ts';

/**
 * One entry of an execution's timeline, in the order of `sequence`. Times are ms since the Unix epoch,
 * durations ms; null where there is nothing to say. Payloads stand in the execution's stream at the revisions given.
 */
export type TimelineDocument = {
  readonly executionId: string;
  /** Revision of the entry's first event. */
  readonly sequence: number;
  readonly kind:
    | 'execution'
    | 'step'
    | 'block'
    | 'branch'
    | 'compensation'
    | 'wait'
    | 'queued'
    | 'admission'
    | 'rejection'
    | 'breaker'
    | 'skip'
    | 'jump'
    | 'variables'
    | 'signal'
    | 'approval'
    | 'decision'
    | 'pause'
    | 'migration'
    | 'child'
    | 'timeout';
  readonly workflow: string;
  readonly step: string | null;
  /** What its author calls the step in this run. */
  readonly label: string | null;
  readonly activity: string | null;
  readonly attempt: number | null;
  /** What the worker that makes the attempt calls itself; null where a node makes it. */
  readonly worker: string | null;
  /**
   * Of an attempt `running`, `waiting`, `completed`, `failed`, `skipped` or `cancelled`; `running` for ever when the
   * execution ended over it. A pause is an entry of its own, beside which the execution's says what it is about.
   * `failed` of a block may be followed by another end, when the execution was retried in it.
   */
  readonly status:
    | ExecutionStatus
    | ApprovalDecision
    | BreakerStatus
    | 'waiting'
    | 'queued'
    | 'admitted'
    | 'rejected'
    | 'skipped'
    | 'jumped'
    | 'set'
    | 'received'
    | 'resumed'
    | 'migrated';
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly duration: number | null;
  /**
   * When a wait ends or times out, or a step is not waited for any longer; of a failed attempt, when the next one is due.
   */
  readonly dueAt: number | null;
  /** When the time of the step, or of the execution, is over, where it is limited. */
  readonly deadline: number | null;
  /** The signal that was received or is waited for. */
  readonly signal: string | null;
  /** The execution that the attempt starts, or started. */
  readonly child: string | null;
  readonly errorType: string | null;
  /** What followed a failed attempt, why a step was skipped or given up, or what ran out of time. */
  readonly handled: FailureHandling | GivenUp | Limit | 'retry' | 'guard' | 'fallback' | null;
  /** Where the run went on after a jump; hash of the version that it goes on with. */
  readonly to: string | null;
  /** The attempt is one of the fallback's activity. */
  readonly fallback: boolean;
  /** An operator ended it by hand. */
  readonly by: 'operator' | null;
  /** What limits the activity, and how many of how many it has counted. */
  readonly gate: Gate | null;
  readonly count: number | null;
  readonly of: number | null;
  /** How much of a node's resource the attempt takes, and how much there is. */
  readonly needs: number | null;
  readonly capacity: number | null;
  /** When the attempt last said how far it was, as far as that was recorded. */
  readonly heartbeatAt: number | null;
  readonly progressRevision: number | null;
  readonly inputRevision: number | null;
  readonly outputRevision: number | null;
  readonly errorRevision: number | null;
  /** Of a run that is captured: what the attempt was given and came to, cut to what is kept. */
  readonly capturedInputRevision: number | null;
  readonly capturedOutputRevision: number | null;
};

/** An entry being made. */
export type TimelineDraft = { -readonly [Field in keyof TimelineDocument]: TimelineDocument[Field] };
