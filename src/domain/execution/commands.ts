import type { Definition } from '../definition/definition.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Passed, QueuedAtGate, Refusal } from './admission-events.ts';
import type { ApprovalDecision } from './approval-events.ts';
import type { ErrorPayload, FinalStatus, Limit } from './events.ts';
import type { LogLine } from './log-events.ts';
import type { Parent } from './state.ts';
import type { Taker } from './worker.ts';

/** Which attempt a result belongs to; a result of any other attempt changes nothing. */
interface OfAttempt {
  readonly step: string;
  readonly attempt: number;
  /** The attempt undoes the step. */
  readonly compensation: boolean;
  /** What its activity wrote since it was last heard of. */
  readonly lines?: readonly LogLine[];
}

/** Begins a run. */
export interface Start {
  readonly type: 'start';
  readonly id: string;
  /** `manual`, the type of the event that starts it, `METHOD /path` of the request, or `workflow` for a child. */
  readonly trigger: string;
  readonly input: Json;
  readonly event: Json;
  /** Payloads of the events that start it together, instead of `event`. */
  readonly events?: readonly Json[];
  /** Inputs and outputs of its steps are to be captured. */
  readonly trace?: boolean;
  /** Who starts it, as their token says. */
  readonly triggeredBy?: string;
  /** What it is to be found by, besides what its definition says. */
  readonly tags?: readonly string[];
  /** Why what it is given cannot be kept with it: it fails with that at once, and nothing of it is kept. */
  readonly withheld?: ErrorPayload;
  /** Of a child: who starts it. */
  readonly parent?: Parent;
}

/** An activity returned. */
export interface CompleteAttempt extends OfAttempt {
  readonly type: 'complete_attempt';
  readonly output: Json;
}

/** An activity says how far it is. */
export interface Heartbeat extends Omit<OfAttempt, 'compensation'> {
  readonly type: 'heartbeat';
  readonly progress: Json;
}

/** An activity failed, timed out, or nobody knows how it ended. */
export interface FailAttempt extends OfAttempt {
  readonly type: 'fail_attempt';
  readonly error: ErrorPayload;
  /** `always`: harmless to repeat and to be repeated whatever the policy says; `never`: not to be repeated. */
  readonly retry: 'by_policy' | 'always' | 'never';
}

/** What limits the activity of an attempt that asked for it lets it through. */
export interface Admit {
  readonly type: 'admit';
  readonly step: string;
  /** The number that the attempt will have. */
  readonly attempt: number;
  /** What is worth telling of the gates that it came through. */
  readonly passed: readonly Passed[];
  /** Who makes it, where no node serves its activity. */
  readonly taker?: Taker;
}

/** A worker takes a step, or its undoing, that waits for somebody to serve its activity. */
export interface Take {
  readonly type: 'take';
  readonly step: string;
  readonly compensation: boolean;
  readonly taker: Taker;
}

/** An attempt that asked waits for its turn. */
export interface Queue extends Omit<QueuedAtGate, 'reason'> {
  readonly type: 'queue';
  readonly step: string;
  readonly attempt: number;
}

/** What limits the activity of an attempt that asked for it does not let it through. */
export interface Reject {
  readonly type: 'reject';
  readonly step: string;
  readonly attempt: number;
  readonly refusal: Refusal;
}

/** An answer to a run that asks to go on: which of its requests it is to, and what the limit is of. */
interface ToRun {
  readonly request: number;
  readonly key: string;
  readonly of: number;
}

/** A run goes on, as one of `count` of at most `of`. */
export interface AdmitRun extends ToRun {
  readonly type: 'admit_run';
  readonly count: number;
}

/** A run waits for its turn, at a position of so many. */
export interface QueueRun extends ToRun {
  readonly type: 'queue_run';
  readonly position: number;
}

/** A run has waited for too long, at a position (`count`) of so many. */
export interface RejectRun extends ToRun {
  readonly type: 'reject_run';
  readonly count: number;
  readonly error: ErrorPayload;
}

/** The child that an attempt is there for was started, by a definition of that hash. */
export interface ConfirmChild {
  readonly type: 'confirm_child';
  readonly step: string;
  readonly attempt: number;
  readonly definition: string;
}

/** The child that a step waits for has ended: with what it gave when it is `completed`, else with an error if it has one. */
export interface EndChild {
  readonly type: 'end_child';
  readonly step: string;
  readonly child: string;
  readonly status: FinalStatus;
  readonly output: Json;
  readonly error?: ErrorPayload;
}

/** An activity that is still under way has written lines. */
export interface LogLines extends OfAttempt {
  readonly type: 'log_lines';
}

/** What a step waited for in time has come, such as its retry or the end of its wait; or a limit is reached. */
export interface FireTimer {
  readonly type: 'fire_timer';
  /** Empty for the limits of the run and of its undoing. */
  readonly step: string;
  readonly dueAt: number;
  readonly limit?: Limit;
}

/** What can go on is to go on: a step whose activity is served now, branches that a full turn left for the next. */
export interface GoOn {
  readonly type: 'go_on';
}

/** A signal for the run. */
export interface Signal {
  readonly type: 'signal';
  readonly signal: string;
  readonly payload: Json;
}

/** A decision that a step waits for. */
export interface DecideApproval {
  readonly type: 'decide_approval';
  /** The step's path. */
  readonly step: string;
  readonly decision: ApprovalDecision;
  /** Who decides, by the name that assignees are given by. */
  readonly by: string;
  readonly comment: string;
}

interface Reasoned {
  /** For whoever reads the history; empty when nobody says. */
  readonly reason: string;
}

interface ToStep extends Reasoned {
  /** Path of the step. */
  readonly step: string;
}

/** Calls a run off; what it did is undone before, if that is wanted (not unless it says so). */
export interface Cancel extends Reasoned {
  readonly type: 'cancel';
  readonly compensate?: boolean;
}

/** Ends a run at once, whatever it is about. */
export interface Terminate extends Reasoned {
  readonly type: 'terminate';
}

/** Lets nothing new begin. */
export interface Pause extends Reasoned {
  readonly type: 'pause';
}

/** Ends a pause. */
export interface Resume extends Reasoned {
  readonly type: 'resume';
}

/** Lets a failed run go on from where it failed. */
export interface Retry extends Reasoned {
  readonly type: 'retry';
}

/** Undoes a failed run, or what its undoing has left. */
export interface Compensate extends Reasoned {
  readonly type: 'compensate';
}

/** Leaves out a step that is under way. */
export interface SkipStep extends ToStep {
  readonly type: 'skip_step';
}

/** Ends a step that is under way, or its undoing, as if it had come to this output. */
export interface CompleteStep extends ToStep {
  readonly type: 'complete_step';
  readonly output: Json;
}

/** Fails a step that is under way, or its undoing, for good. */
export interface FailStep extends ToStep {
  readonly type: 'fail_step';
  readonly error: ErrorPayload;
}

/** Sets variables, and leaves the others as they are. */
export interface SetVariables extends Reasoned {
  readonly type: 'set_variables';
  readonly variables: JsonObject;
}

/** Lets a run go on with another version of its workflow. */
export interface Migrate extends Reasoned {
  readonly type: 'migrate';
  readonly to: Definition;
  /** What that is asked for by. */
  readonly number: number;
}

/** What an operator can ask of an execution. */
export type OperatorCommand =
  | Cancel
  | Terminate
  | Pause
  | Resume
  | Retry
  | Compensate
  | SkipStep
  | CompleteStep
  | FailStep
  | SetVariables;

/** Everything that can be asked of an execution. */
export type ExecutionCommand =
  | Start
  | CompleteAttempt
  | Heartbeat
  | FailAttempt
  | Admit
  | Take
  | Queue
  | Reject
  | AdmitRun
  | QueueRun
  | RejectRun
  | LogLines
  | ConfirmChild
  | EndChild
  | FireTimer
  | GoOn
  | Signal
  | DecideApproval
  | Migrate
  | OperatorCommand;
