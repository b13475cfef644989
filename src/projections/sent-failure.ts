import type { JsonObject } from '../domain/json.ts';
import { Rejection, type RejectionCode } from '../domain/rejection.ts';

/** An error on its way between threads, which would lose its class and its code as it is. */
export interface SentFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
  readonly details: JsonObject | undefined;
}

/** An error whose class stayed in another thread; its name and code are the same. */
export class RemoteFailure extends Error {
  readonly code: string | undefined;

  constructor({ name, message, stack, code }: SentFailure) {
    super(message);
    this.name = name;
    this.code = code;
    if (stack !== undefined) this.stack = stack;
  }
}

/** An error in a form that can be posted. */
export const failureOf = (error: unknown): SentFailure => {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: String(error), stack: undefined, code: undefined, details: undefined };
  }
  const { name, message, stack } = error;
  const details = error instanceof Rejection ? error.details : undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name, message, stack, code, details };
};

/** The error that was posted: a `Rejection` again when it was one. */
export const reviveFailure = (failure: SentFailure): Rejection | RemoteFailure =>
  failure.name === 'Rejection'
    ? new Rejection(failure.code as RejectionCode, failure.message, failure.details ?? {})
    : new RemoteFailure(failure);
