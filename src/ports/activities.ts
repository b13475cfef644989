import type { Json, JsonObject } from '../domain/json.ts';

/** Writes to the log of the server on behalf of a step. */
export interface ActivityLogger {
  debug(message: string, fields?: JsonObject): void;
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

/** What an activity is told of the attempt that it serves. */
export interface ActivityContext {
  readonly executionId: string;
  readonly workflow: string;
  readonly step: string;
  /** From 1. */
  readonly attempt: number;
  /** The same over all attempts of a step: hand it to what you call, so that repeating is harmless. */
  readonly idempotencyKey: string;
  /** Aborted when the attempt's time is over, the execution is cancelled or the server stops. */
  readonly signal: AbortSignal;
  /**
   * What an earlier attempt of this activity for the step said of how far it was, as it was recorded last; `undefined`
   * when none did.
   */
  readonly progress: Json | undefined;
  /**
   * Says that the attempt goes on, and how far it is: JSON that a next attempt is given, and that the timeline shows. Cheap
   * enough to be called at every turn: progress is recorded at once, then at most once in half the step's
   * `timeout.heartbeat`, or in 10 seconds without one. Throws a `TypeError` for what is no JSON or too large.
   */
  heartbeat(progress?: unknown): void;
  readonly logger: ActivityLogger;
  readonly traceparent: string | undefined;
}

/** Code that a step calls. */
export interface Activity {
  readonly name: string;
  /** JSON Schema of the input; another input fails the step with `InvalidInput`. */
  readonly input?: JsonObject;
  /** JSON Schema of the output; another output fails the step with `InvalidOutput`. */
  readonly output?: JsonObject | undefined;
  /**
   * Calling it twice does no harm. An attempt that a crash interrupted is then made again,
   * whatever the retry policy says; otherwise the interruption counts as a failed attempt.
   */
  readonly idempotent?: boolean;
  run(ctx: ActivityContext, input: Json): unknown;
  /** Runs it in a process of its own that may take so many bytes of memory; there for activities of modules. */
  isolated?(memory: number | undefined): Activity['run'];
}

/** The activities that this node serves. */
export interface Activities {
  find(name: string): Activity | undefined;
  names(): readonly string[];
}
