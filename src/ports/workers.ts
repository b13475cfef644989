import type { Json, JsonObject } from '../domain/json.ts';

/** An activity that a worker serves. */
export interface ServedActivity {
  readonly name: string;
  /** JSON Schema of the input; another input fails the step with `InvalidInput`. */
  readonly input?: JsonObject;
  /** JSON Schema of the output; another output fails the step with `InvalidOutput`. */
  readonly output?: JsonObject;
}

/** What a worker asks for. */
export interface Claim {
  /** What the worker calls itself. */
  readonly worker: string;
  readonly activities: readonly ServedActivity[];
  /** The most attempts that it takes. */
  readonly max: number;
  /** Milliseconds that it waits for the first. */
  readonly wait: number;
}

/** An attempt that a worker is to make. */
export interface Assignment {
  /** What it reports by; no other attempt has it. */
  readonly token: string;
  readonly executionId: string;
  readonly workflow: string;
  readonly step: string;
  readonly activity: string;
  readonly attempt: number;
  /** The same over all attempts of a step. */
  readonly idempotencyKey: string;
  /** W3C trace context of the attempt. */
  readonly traceparent: string | undefined;
  /** What an earlier attempt said last of how far it was. */
  readonly progress: Json | undefined;
  readonly input: Json;
  /** Milliseconds within which each heartbeat is to follow the one before it. */
  readonly heartbeat: number;
  /** Milliseconds that the attempt may take. */
  readonly timeout: number;
}

/** What a worker is told at a heartbeat. */
export interface Beat {
  /** Whether it is to stop, since nobody wants the result any more. */
  readonly stop: boolean;
  /** Why; `paused` when only nothing new begins, so that it need not stop. */
  readonly reason: 'cancelled' | 'lost' | 'paused' | undefined;
}

/** How an attempt failed, as its worker says. */
export interface WorkFailure {
  readonly type: string;
  readonly message: string;
  readonly details?: Json;
  /** The step has failed for good, whatever its retry policy says. */
  readonly nonRetryable: boolean;
}

/** What was recorded of an attempt. */
export interface Reported {
  readonly status: 'completed' | 'failed';
  /** Of what failed: not what the worker said when that could not be kept. */
  readonly errorType: string | undefined;
}

/**
 * Gives attempts to processes outside of the nodes, and takes their reports. A report is refused with `ATTEMPT_OVER` when
 * its token is not that of the attempt under way, and with `NOT_OWNER` when another node runs the execution.
 */
export interface Workers {
  /** Waits for attempts; what was begun for whoever does not wait any more (`gone`) is made again. */
  claim(claim: Claim, gone: AbortSignal): Promise<readonly Assignment[]>;
  /** Takes a sign of life. Rejects with `NOT_OWNER`. */
  heartbeat(token: string, progress: Json | undefined): Promise<Beat>;
  /** Resolves once the end of the attempt is durable. */
  complete(token: string, output: Json): Promise<Reported>;
  /** Resolves once the end of the attempt is durable. */
  fail(token: string, failure: WorkFailure): Promise<Reported>;
  /** Whether a worker has said that it serves an activity since this node began. */
  serves(activity: string): boolean;
}
