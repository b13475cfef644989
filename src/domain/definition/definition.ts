import type { Json, JsonObject } from '../json.ts';
import type { Concurrency, GatesOfActivity } from './gates.ts';
import type { Gathering } from './gathering.ts';
import type { Target } from '../notification/target.ts';
import type { Logging, Tracing } from './observed.ts';
import type { RecordedReads } from './audit.ts';
import type { Retention } from './retention.ts';
import type { StepPlace } from './places.ts';
import type { ProblemCode, WarningCode } from './problem-codes.ts';
import type { Schedule } from './schedule.ts';
import type { Search } from './search.ts';

/** The names that an expression may use, and their values. */
export interface Scope {
  readonly event?: Json;
  /** Of what is started by events together: their payloads, the oldest first. */
  readonly events?: readonly Json[];
  readonly input?: Json;
  /** The variables, with `id`, `name` and `started_at` (ISO 8601) of the execution. */
  readonly workflow?: JsonObject;
  readonly steps?: {
    readonly [step: string]: { readonly output: Json; readonly status: string; readonly attempts: number };
  };
  readonly output?: Json;
  /** In a `foreach`: the item of the turn and which it is, from 0; also by the names that the loops around give them. */
  readonly item?: Json;
  readonly index?: Json;
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
export type Fallback = (
  { readonly kind: 'skip' } | { readonly kind: 'activity'; readonly activity: string }
) & {
  /** Whoever the definition's notifications go to is told of it. */
  readonly notify?: true;
};

interface StepBase {
  readonly name: string;
  /** What to call it in a run, for people. */
  readonly label?: Template;
  /** False skips the step. */
  readonly when?: Template;
  /** The step that comes next, unless this one was skipped by its guard; in the same list or in one around it. */
  readonly next?: string;
  /** How often a run may come to the step. */
  readonly maxVisits: number;
  /** Variables set from the scope with `output`. */
  readonly output: TemplateFields;
  readonly fallback?: Fallback;
  /** Milliseconds that a visit may take from its first attempt on, with all others, a child and its fallback. */
  readonly stepTimeout?: number;
}

/** Calls an activity. */
export interface ActivityStep extends StepBase, GatesOfActivity {
  readonly kind: 'activity';
  readonly activity: string;
  /** Without it the activity is given all variables. */
  readonly input?: Template;
  /** Milliseconds that one attempt may take. */
  readonly attemptTimeout: number;
  /** Milliseconds that it may wait for somebody to serve its activity; without it as long as it takes. */
  readonly queueTimeout?: number;
  /** Milliseconds after which an attempt that has not said how far it is has failed. */
  readonly heartbeatTimeout?: number;
  readonly retry: RetryPolicy;
  /** Each call of it is made in a process of its own. */
  readonly isolate?: Isolation;
}

/** What holds for a process of its own. */
export interface Isolation {
  /** Bytes of memory that it may take. */
  readonly memory?: number;
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
}

/** Waits for somebody to decide. */
export interface ApprovalStep extends StepBase {
  readonly kind: 'approval';
  /** Gives a name or a list of names; without it everybody may decide. */
  readonly assignees?: Template;
  /** Milliseconds after which nobody may any more. */
  readonly timeout?: number;
}

/** Emits an event, as somebody outside may: it starts the workflows that it triggers. */
export interface EmitStep extends StepBase {
  readonly kind: 'emit';
  readonly event: string;
  /** Without it the payload is null. */
  readonly payload?: Template;
}

/** A branch of a block: a list of steps, told from the others by a key that stands in their paths. */
export interface Branch {
  readonly key: string;
  readonly steps: readonly Step[];
}

/** What a failed step in a branch means: the block fails at once, or when all its branches have ended. */
export type BranchHandling = 'fail_fast' | 'collect';

/** Runs its branches side by side until all, or enough of them, have completed; the others are cancelled. */
export interface ParallelStep extends StepBase {
  readonly kind: 'parallel';
  readonly branches: readonly Branch[];
  /** How many have to complete. */
  readonly join: number;
  readonly onError: BranchHandling;
}

/** Runs its steps once for each item of a list. */
export interface ForeachStep extends StepBase {
  readonly kind: 'foreach';
  readonly items: Template;
  /** How many turns are under way at most. */
  readonly concurrency: number;
  readonly steps: readonly Step[];
  readonly onError: BranchHandling;
  /** What each turn gives; without it the step's output is null. */
  readonly collect?: Template;
  /** Names for the item and its index, besides `item` and `index`. */
  readonly item?: string;
  readonly index?: string;
}

/** A case of a `switch`. */
export interface Case extends Branch {
  /** Without it the case is taken when no other is. */
  readonly when?: Template;
}

/** Runs the first case whose condition holds, or all of them side by side. */
export interface SwitchStep extends StepBase {
  readonly kind: 'switch';
  readonly branches: readonly Case[];
  readonly match: 'first' | 'all';
}

/** Runs its steps again and again as long as a condition holds, which is asked before each turn. */
export interface WhileStep extends StepBase {
  readonly kind: 'while';
  readonly condition: Template;
  readonly steps: readonly Step[];
  /** The step fails when the condition still holds after so many turns. */
  readonly max: number;
}

/** Starts an execution of another workflow, as its child. */
export interface ChildStep extends StepBase {
  readonly kind: 'workflow';
  /** The workflow's name. */
  readonly workflow: string;
  /** Which version: its number, or its hash; without it that which new executions run when the child is started. */
  readonly version?: number | string;
  /** Without it the child is given null. */
  readonly input?: Template;
  /** Whether the step waits for the child's end. */
  readonly wait: boolean;
  /** What becomes of the child when nobody waits for it any more. */
  readonly onCancel: 'cancel' | 'abandon';
  readonly retry: RetryPolicy;
}

/** Fails with an error of its own. */
export interface FailStep extends StepBase {
  readonly kind: 'fail';
  readonly type: Template;
  readonly message: Template;
}

/** Ends the run as completed, whatever else is under way. */
export interface EndStep extends StepBase {
  readonly kind: 'end';
}

/** Steps that hold steps of their own. */
export type BlockStep = ParallelStep | ForeachStep | SwitchStep | WhileStep;

/** One entry of a list of steps. */
export type Step =
  ActivityStep | SetStep | WaitStep | ApprovalStep | EmitStep | ChildStep | BlockStep | FailStep | EndStep;

/** What undoes a step. */
export interface Compensation {
  readonly activity: string;
  /** Without it the activity is given all variables. */
  readonly params?: Template;
}

/** How a run is undone. */
export interface CompensationPlan {
  readonly strategy: 'reverse' | 'forward';
  /** Whether a failure starts it, or an operator does once the run has failed. */
  readonly mode: 'automatic' | 'manual';
  readonly byStep: Readonly<Record<string, Compensation>>;
  /** Activities called after those of the steps, in this order. */
  readonly activities: readonly string[];
  readonly retry: RetryPolicy;
  /** Milliseconds that one attempt may take. */
  readonly attemptTimeout: number;
  /** Milliseconds that all of it may take together. */
  readonly timeout?: number;
}

/** Who is told of what. */
export interface Notifications {
  /** Whoever is told where nobody else is said. */
  readonly usual: readonly Target[];
  /** Who is told when a run has failed or was undone. */
  readonly failure: readonly Target[];
  /** Who is told when a run begins to be undone, and how that ended. */
  readonly compensation: readonly Target[];
}

/** What starts executions besides a start by hand, which is always possible. */
export interface EventTrigger {
  readonly event: string;
  /** All must hold for the event's payload. */
  readonly conditions: readonly Condition[];
  /** One execution runs at a time: for each key, where there is one. */
  readonly singleton?: { readonly key?: Template };
  readonly gathering?: Gathering;
}

/** A request that starts an execution: its method and its path, as they stand in the request. */
export interface Route {
  readonly method: string;
  readonly path: string;
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
  readonly route: Route | undefined;
  readonly schedule: Schedule | undefined;
  /** What of an event or a request makes it start the same execution as another; see `keyOf`. */
  readonly idempotencyKey: Template | undefined;
  /** Checks the start input; answers what is wrong, or nothing. */
  readonly checkInput: (input: Json) => readonly string[];
  readonly variables: TemplateFields;
  /** What a run gives at its end; without it its variables. */
  readonly output: TemplateFields | undefined;
  readonly concurrency: Concurrency | undefined;
  readonly steps: readonly Step[];
  /** Where each step stands, at any depth, by its name. */
  readonly places: ReadonlyMap<string, StepPlace>;
  /** Milliseconds that a run may take. */
  readonly runTimeout?: number;
  readonly onError: 'stop' | 'compensate' | 'continue';
  readonly compensation: CompensationPlan;
  readonly notifications: Notifications;
  /** How long runs are kept after they have ended; for ever where nothing is said. */
  readonly retention: Retention | undefined;
  /** Which reads are recorded; as the server usually does where nothing is said. */
  readonly recordedReads?: RecordedReads | undefined;
  readonly tracing: Tracing | undefined;
  readonly logging: Logging | undefined;
  readonly search?: Search;
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
