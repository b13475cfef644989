import type { Json } from '../domain/json.ts';

/** How a `NonRetryable` is to be recorded. */
export interface NonRetryableOptions {
  /** The error's type in events and in `non_retryable` lists (default `NonRetryable`). */
  readonly type?: string;
  /** Kept with the error in the step's history. */
  readonly details?: Json;
  readonly cause?: unknown;
}

/** Thrown by an activity: the step has failed for good, whatever its retry policy says. */
export class NonRetryable extends Error {
  readonly retryable = false;
  readonly type: string;
  readonly details: Json | undefined;

  constructor(message: string, { type = 'NonRetryable', details, cause }: NonRetryableOptions = {}) {
    super(message, { cause });
    this.name = 'NonRetryable';
    this.type = type;
    this.details = details;
  }
}
