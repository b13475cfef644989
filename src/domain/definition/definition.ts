import type { Json, JsonObject } from '../json.ts';
import type { ProblemCode, WarningCode } from './problem-codes.ts';

/** The names that an expression may use, and their values. */
export interface Scope {
  readonly event?: Json;
  readonly input?: Json;
  /** The variables, with `id`, `name` and `started_at` (ISO 8601) of the execution. */
  readonly workflow?: JsonObject;
  readonly steps?: {
    readonly [step: string]: { readonly output: Json; readonly status: string; readonly attempts: number };
  };
  readonly output?: Json;
  readonly error?: { readonly type: string; readonly message: string; readonly details: Json };
}

/** A value of a definition in which `${…}` stands for what the scope says. */
export interface Template {
  /** As written. */
  readonly source: Json;
  /** The value. Throws `ExpressionError` for an unknown name, a type error or a result that is not JSON. */
  evaluate(scope: Scope): Json;
}

/** Fields by name, each a template. */
export type TemplateFields = Readonly<Record<string, Template>>;

/** How often an attempt is repeated and after how long: min(initial × multiplier^(n−1), max) ± jitter, in ms. */
export interface RetryPolicy {
  /** Counts the first attempt. */
  readonly maxAttempts: number;
  readonly initial: number;
  readonly multiplier: number;
  readonly max: number;
  /** Share of the delay that is drawn at random: 0.1 is ±10 %. */
  readonly jitter: number;
  readonly nonRetryable: readonly string[];
}

/** What follows when a step has used up its attempts. */
export type Fallback = { readonly kind: 'skip' } | { readonly kind: 'activity'; readonly activity: string };

interface StepBase {
  readonly name: string;
  /** False skips the step. */
  readonly when?: Template;
}

/** Calls an activity. */
export interface ActivityStep extends StepBase {
  readonly kind: 'activity';
  readonly activity: string;
  /** Without it the activity is given all variables. */
  readonly input?: Template;
  /** Variables set from the scope with `output`. */
  readonly output: TemplateFields;
  /** Milliseconds that one attempt may take. */
  readonly attemptTimeout: number;
  readonly retry: RetryPolicy;
  readonly fallback?: Fallback;
}

/** Sets variables. */
export interface SetStep extends StepBase {
  readonly kind: 'set';
  readonly variables: TemplateFields;
}

/** Waits for a time to pass, a time to come, or a signal. */
export interface WaitStep extends StepBase {
  readonly kind: 'wait';
  readonly on:
    | { readonly kind: 'for'; readonly duration: Template | number }
    | { readonly kind: 'until'; readonly time: Template }
    | { readonly kind: 'signal'; readonly signal: string; readonly timeout?: number };
  /** Variables set from the scope with `output` (a signal's payload). */
  readonly output: TemplateFields;
}

/** One entry of `activities:`. */
export type Step = ActivityStep | SetStep | WaitStep;

/** What undoes a step. */
export interface Compensation {
  readonly activity: string;
  /** Without it the activity is given all variables. */
  readonly params?: Template;
}

/** How a run is undone. */
export interface CompensationPlan {
  readonly strategy: 'reverse' | 'forward';
  readonly byStep: Readonly<Record<string, Compensation>>;
  /** Activities called after those of the steps, in this order. */
  readonly activities: readonly string[];
  readonly retry: RetryPolicy;
  /** Milliseconds that one attempt may take. */
  readonly attemptTimeout: number;
}

/** What starts executions besides a start by hand, which is always possible. */
export interface EventTrigger {
  readonly event: string;
  /** All must hold for the event's payload. */
  readonly conditions: readonly Condition[];
}

/** Equality with a value, or a CEL expression that must be true. */
export type Condition =
  { readonly field: string; readonly equals: Json } | { readonly field: string; readonly holds: Template };

/** One version of a workflow, ready to run. */
export interface Definition {
  readonly workflow: string;
  /** `sha256:` and the hex hash of the canonical JSON. */
  readonly hash: string;
  readonly trigger: EventTrigger | undefined;
  /** Checks the start input; answers what is wrong, or nothing. */
  readonly checkInput: (input: Json) => readonly string[];
  readonly variables: TemplateFields;
  readonly steps: readonly Step[];
  readonly onError: 'stop' | 'compensate' | 'continue';
  readonly compensation: CompensationPlan;
}

/** Something wrong in a definition, or worth knowing. Lines and columns count from 1. */
export interface Problem {
  readonly code: ProblemCode | WarningCode;
  readonly line: number;
  readonly column: number;
  /** Dotted path: `execution.activities[1].retry.max_attempts`. */
  readonly path: string;
  /** "Expected …, but …". */
  readonly message: string;
}

/** A definition that was read: its canonical document and hash, or every problem at once. */
export type ParsedDefinition =
  | {
      readonly ok: true;
      readonly definition: Definition;
      readonly document: JsonObject;
      readonly warnings: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** An expression could not be evaluated. */
export class ExpressionError extends Error {
  readonly code = 'EXPRESSION_ERROR';
  readonly expression: string;
  /** Where it stands in the definition. */
  readonly path: string;

  constructor(expression: string, path: string, message: string) {
    super(message);
    this.name = 'ExpressionError';
    this.expression = expression;
    this.path = path;
  }
}
