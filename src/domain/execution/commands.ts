import type { Json } from '../json.ts';
import type { ApprovalDecision } from './approval-events.ts';
import type { ErrorPayload } from './events.ts';

/** Which attempt a result belongs to; a result of any other attempt changes nothing. */
interface OfAttempt {
  readonly step: string;
  readonly attempt: number;
  /** The attempt undoes the step. */
  readonly compensation: boolean;
}

/** Begins a run. */
export interface Start {
  readonly type: 'start';
  readonly id: string;
  /** `manual`, the type of the event that starts it, or `METHOD /path` of the request. */
  readonly trigger: string;
  readonly input: Json;
  readonly event: Json;
  /** Why what it is given cannot be kept with it: it fails with that at once, and nothing of it is kept. */
  readonly withheld?: ErrorPayload;
}

/** An activity returned. */
export interface CompleteAttempt extends OfAttempt {
  readonly type: 'complete_attempt';
  readonly output: Json;
}

/** An activity failed, timed out, or nobody knows how it ended. */
export interface FailAttempt extends OfAttempt {
  readonly type: 'fail_attempt';
  readonly error: ErrorPayload;
  /** `always`: harmless to repeat and to be repeated whatever the policy says; `never`: not to be repeated. */
  readonly retry: 'by_policy' | 'always' | 'never';
}

/** What a step waited for in time has come: its retry, the end of its wait, its time-out. */
export interface FireTimer {
  readonly type: 'fire_timer';
  readonly step: string;
  readonly dueAt: number;
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

/** Ends a run at once. */
export interface Cancel {
  readonly type: 'cancel';
  readonly reason: string;
}

/** Everything that can be asked of an execution. */
export type ExecutionCommand =
  Start | CompleteAttempt | FailAttempt | FireTimer | GoOn | Signal | DecideApproval | Cancel;
