import type { DomainEvent } from '../event.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Target } from '../notification/target.ts';
import type { AdmissionEvent, QueuedAtGate } from './admission-events.ts';
import type { ApprovalEvent } from './approval-events.ts';
import type { BranchEvent } from './branch-events.ts';
import type { ChildEvent } from './child-events.ts';
import type { OperatorEvent } from './operator-events.ts';
import type { EndingEvent } from './ending-events.ts';
import type { ExecutionCondensed, ExecutionRemoved, ExecutionRestored } from './removal-events.ts';
import type { RunEvent } from './run-events.ts';
import type { CaptureEvent } from './capture-events.ts';
import type { StepLogged } from './log-events.ts';
import type { Searchable } from './search.ts';
import type { TracingDecision } from './tracing.ts';
import type { Worker } from './worker.ts';

/** What an execution is about, whether it is paused in it or not. */
export type Phase = 'queued' | 'running' | 'compensating';

/** Statuses of an execution that has not ended. */
export type ActiveStatus = Phase | 'paused';

/** Statuses that end an execution; one that failed can be retried. */
export type FinalStatus = 'completed' | 'failed' | 'cancelled' | 'compensated';

/** Every status of an execution that was started. */
export type ExecutionStatus = ActiveStatus | FinalStatus;

/** An error as it is kept: its type is a fact, the rest is payload. */
export interface ErrorPayload {
  readonly type: string;
  readonly message: string;
  readonly details?: Json;
}

/** What happens when a step has failed for good: to it, to the block that it is in, or to the run. */
export type FailureHandling = 'skip' | 'activity' | 'block' | 'stop' | 'compensate' | 'continue';

/** Why something was given up: enough others have completed, one has failed, its time was over, or somebody said so. */
export type GivenUp = 'joined' | 'failed' | 'timeout' | 'operator';

/** What a limit of time is for: a step, its waiting for somebody to serve it, the whole run, or its undoing. */
export type Limit = 'step' | 'queue' | 'run' | 'compensation';

/** Steps that hold steps of their own. */
export type BlockKind = 'parallel' | 'foreach' | 'switch' | 'while';

/** What every event of a step says. */
export interface OfStep {
  readonly workflow: string;
  /** The step's path: its name, behind the branches that it is in (`each_item[3].charge_card`). */
  readonly step: string;
}

/** What every event of an attempt says. */
export interface Attempted extends OfStep {
  readonly activity: string;
  /** From 1; counts on over a fallback's activity and when the run comes to the step again. */
  readonly attempt: number;
}

interface Timed extends Attempted {
  /** Milliseconds from the attempt's start. */
  readonly duration: number;
}

/** What was done by hand, and why whoever did it says so. */
interface ByHand {
  readonly by?: 'operator';
}

/** Whom an event tells of itself, each by a notification of its own; nobody without it. */
export interface Notifying {
  readonly notifies?: readonly Target[];
}

/** An event whose payload, if its type has one, is always there. */
export type E<Type extends string, F, P = undefined> = P extends undefined
  ? DomainEvent<Type, F, undefined>
  : DomainEvent<Type, F, P> & { readonly payload: P };

/** What a child says of the execution that started it: its id, the step's path, and how many wait, one above the other. */
interface OfParent {
  readonly parent: string;
  readonly parentStep: string;
  /** Revision of the parent's stream by then: what that says of the child stands behind it. */
  readonly parentRevision: number;
  /** How many executions wait for it, one above the other; 0 when the parent does not wait. */
  readonly depth: number;
}

/**
 * A run begins. `trigger` is `manual`, the type of the event that started it, `METHOD /path` of the request, or `workflow`
 * for a child, which says of whom. `tracing` says what is kept for whoever looks into the run, and `traced` of which
 * components, where anybody has said so. `search` and `tags` are what it is found by. `triggeredBy` is who started it, as
 * their token says; `events` are those that did so together.
 */
export type ExecutionStarted = E<
  'execution.started',
  {
    readonly workflow: string;
    readonly definition: string;
    readonly trigger: string;
    /** When its time is over, where the definition limits that. */
    readonly deadline?: number;
    readonly tracing?: TracingDecision;
    readonly traced?: readonly string[];
  } & Searchable &
    Partial<OfParent>,
  {
    readonly input: Json;
    readonly event: Json;
    readonly events?: readonly Json[];
    readonly variables: JsonObject;
    readonly triggeredBy?: string;
  }
>;
interface Labelled {
  /** What its author calls the step in this run; at most 200 characters. */
  readonly label?: string;
}

interface Limited {
  /** When the time of the whole step is over, all its attempts and its fallback counted; ms since the Unix epoch. */
  readonly deadline?: number;
}

/**
 * Nobody serves the step's activity, or a gate lets only so many in: it waits until somebody does (at most until `dueAt`),
 * or until its turn comes, at a position of so many that may wait (of so many that do, where any number may).
 */
export type StepQueued = E<
  'step.queued',
  Attempted &
    Limited &
    Labelled & { readonly dueAt?: number } & ({ readonly reason: 'no_activity' } | QueuedAtGate)
>;

/**
 * An attempt begins: durable before the activity is called. The payload is the input, where the definition gives one. A
 * `block` runs steps instead: a `foreach` has its items as input, a `switch` the keys of the cases that it `chose`.
 * `child` is the id of the execution that it starts. A `worker` makes it where one has taken it. `waited` is for how many
 * ms it was queued, where it was.
 */
export type StepStarted = DomainEvent<
  'step.started',
  Attempted &
    Limited &
    Labelled &
    Partial<Worker> & {
      readonly fallback: boolean;
      readonly waited?: number;
      readonly block?: BlockKind;
      readonly chose?: readonly string[];
      readonly child?: string;
    },
  { readonly input: Json }
>;
/**
 * The step's last attempt came to an output, which was put into `variables` as the definition says; by hand, an operator
 * gave it.
 */
export type StepCompleted = E<
  'step.completed',
  Timed & ByHand,
  { readonly output: Json; readonly variables?: JsonObject; readonly reason?: string }
>;
/** The attempt under way says how far it is: what it said last, but not all that it said. */
export type StepHeartbeat = E<'step.heartbeat', Attempted, { readonly progress: Json }>;
/**
 * The step has failed for good; `handled` is what follows. A block that failed because a step in it has says which:
 * `origin` is its path. `between`: no attempt was under way, so that `attempt` is one that had ended before, if there was
 * one.
 */
export type StepFailed = E<
  'step.failed',
  Timed &
    ByHand &
    Notifying & {
      readonly errorType: string;
      readonly handled: FailureHandling;
      readonly origin?: string;
      readonly between?: true;
    },
  { readonly error: ErrorPayload; readonly reason?: string }
>;
/**
 * The step is not done: its `guard` says so, its failure is passed over (`fallback`), or an `operator` has decided it.
 * While an attempt was under way, it says which.
 */
export type StepSkipped = DomainEvent<
  'step.skipped',
  OfStep &
    Partial<Pick<Timed, 'activity' | 'attempt' | 'duration'>> & {
      readonly reason: 'guard' | 'fallback' | 'operator';
    },
  { readonly reason: string }
>;
/** An attempt, a wait or a block was given up with the branch that it is in, or with the run. */
export type StepCancelled = E<'step.cancelled', Timed & { readonly reason: GivenUp }>;
/** The run goes on at the step with the path `to`, which may have run before. */
export type StepJumped = E<'step.jumped', OfStep & { readonly to: string }>;

/**
 * An attempt failed and another follows at `dueAt` (ms since the Unix epoch), jitter included.
 * `uncounted`: an interruption that does no harm, which the retry policy does not count as an attempt.
 */
export type StepRetryScheduled = E<
  'step.retry_scheduled',
  Timed & {
    readonly errorType: string;
    readonly delay: number;
    readonly dueAt: number;
    readonly compensation: boolean;
    readonly uncounted?: true;
  },
  { readonly error: ErrorPayload }
>;
/** The undoing of a step begins: durable before its compensating activity is called. */
export type StepCompensating = DomainEvent<
  'step.compensating',
  Attempted & Partial<Worker>,
  { readonly input: Json }
>;
/** The step is undone; by hand, an operator says that it was. */
export type StepCompensated = E<
  'step.compensated',
  Timed & ByHand,
  { readonly output: Json; readonly reason?: string }
>;
/** The step could not be undone, and is not tried any more. */
export type StepCompensationFailed = E<
  'step.compensation_failed',
  Timed & ByHand & { readonly errorType: string },
  { readonly error: ErrorPayload; readonly reason?: string }
>;
/** Variables have other values: by a `set` step, or by an operator; then `step` is empty, and the payload says why. */
export type VariablesSet = E<
  'variables.set',
  OfStep & { readonly names: readonly string[] },
  { readonly variables: JsonObject; readonly reason?: string }
>;

/** What an event of a step that waits says. */
export interface Waiting extends OfStep {
  /** Which of the step's attempts waits, when it is not the first. */
  readonly attempt?: number;
}

interface Due<Purpose> extends Waiting {
  readonly dueAt: number;
  readonly purpose: Purpose;
}

/**
 * A step waits: `dueAt` is the end of it when it waits for a time, and its time-out when it waits for a signal or a
 * decision.
 */
export type TimerScheduled = E<'timer.scheduled', Due<'wait' | 'timeout'>>;
/** A wait is over, or a limit is reached; `step` is empty for the limits of the run and of its undoing. */
export type TimerFired = E<'timer.fired', Due<'wait' | 'timeout' | Limit>>;
/** A step waits until somebody sends this signal, unless one was kept for it. */
export type SignalAwaited = E<'signal.awaited', Waiting & { readonly signal: string }>;
/** Somebody has sent a signal. `step` is the waiting step that it wakes; empty when it is kept for a later one. */
export type SignalReceived = E<
  'signal.received',
  { readonly workflow: string; readonly signal: string; readonly step: string },
  { readonly payload: Json }
>;

/** Everything that can happen to an execution. */
export type ExecutionEvent =
  | ExecutionStarted
  | RunEvent
  | EndingEvent
  | StepQueued
  | AdmissionEvent
  | StepStarted
  | StepHeartbeat
  | StepCompleted
  | StepFailed
  | StepSkipped
  | StepCancelled
  | StepJumped
  | BranchEvent
  | OperatorEvent
  | StepRetryScheduled
  | StepCompensating
  | StepCompensated
  | StepCompensationFailed
  | VariablesSet
  | TimerScheduled
  | TimerFired
  | SignalAwaited
  | SignalReceived
  | ApprovalEvent
  | ChildEvent
  | CaptureEvent
  | StepLogged
  | ExecutionRemoved
  | ExecutionRestored
  | ExecutionCondensed;
