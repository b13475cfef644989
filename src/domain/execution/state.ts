import { own, type Json, type JsonObject } from '../json.ts';
import type { ErrorPayload } from './events.ts';
import type { Lifecycle } from './lifecycle.ts';

/** A step of a run. */
export interface StepState {
  readonly status: 'queued' | 'running' | 'retrying' | 'waiting' | 'completed' | 'failed' | 'skipped';
  readonly activity: string;
  /** Attempts so far, over the step's activity and its fallback's. */
  readonly attempt: number;
  /** Those of the activity that is called now that count against its retry policy. */
  readonly tries: number;
  readonly fallback: boolean;
  /** When the latest attempt began, ms since the Unix epoch. */
  readonly startedAt: number;
  readonly output: Json;
  readonly error?: ErrorPayload;
  /** When it goes on by itself: a retry, a wait, a time-out. */
  readonly dueAt?: number;
  /** The signal that it waits for, until it has come. */
  readonly signal?: string;
}

/** The undoing of a run. */
export interface CompensationState {
  /** What is to be called, in order. */
  readonly todo: readonly string[];
  /** How many of them are settled. */
  readonly settled: number;
  /** Those that could not be undone. */
  readonly failed: readonly string[];
  readonly status: 'idle' | 'queued' | 'running' | 'retrying';
  readonly activity: string;
  /** Attempts so far of what is undone now. */
  readonly attempt: number;
  /** Those of them that count against the retry policy. */
  readonly tries: number;
  readonly startedAt: number;
  readonly dueAt?: number;
}

/** Why a run stops. */
export interface Failure {
  readonly step: string;
  readonly error: ErrorPayload;
}

/** An execution as its events tell it. */
export interface ExecutionState {
  readonly status: Lifecycle;
  readonly workflow: string;
  readonly definition: string;
  readonly trigger: string;
  readonly startedAt: number;
  readonly input: Json;
  readonly event: Json;
  readonly variables: JsonObject;
  /** Index of the step that is under way or comes next. */
  readonly cursor: number;
  readonly steps: Readonly<Record<string, StepState>>;
  /** Steps that completed, in that order. */
  readonly completed: readonly string[];
  /** Payloads of signals that came before a step waited for them, oldest first. */
  readonly signals: Readonly<Record<string, readonly Json[]>>;
  readonly failure?: Failure;
  readonly compensation?: CompensationState;
}

/** An execution before its first event. */
export const INITIAL: ExecutionState = Object.freeze({
  status: 'none',
  workflow: '',
  definition: '',
  trigger: '',
  startedAt: 0,
  input: null,
  event: null,
  variables: Object.freeze({}),
  cursor: 0,
  steps: Object.freeze({}),
  completed: Object.freeze([]),
  signals: Object.freeze({}),
});

/** A step of a run; `undefined` while it has not been reached. */
export const stepOf = (state: ExecutionState, name: string): StepState | undefined => own(state.steps, name);
