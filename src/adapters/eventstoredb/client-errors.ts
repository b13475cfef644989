import {
  AccessDeniedError,
  CancelledError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  StreamNotFoundError,
  UnavailableError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { LogCorrupt } from '../../ports/event-log.ts';

const ANSWERS = [
  AccessDeniedError,
  InvalidArgumentError,
  LogCorrupt,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
];

/**
 * Whether the call was answered, if by a refusal. After any other error, gRPC's own among them,
 * nothing is known of its outcome.
 */
export const isAnswer = (error: unknown): boolean => ANSWERS.some((answer) => error instanceof answer);

/** Whether the server cannot be reached, or is not the one to talk to. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof UnavailableError || error instanceof CancelledError || error instanceof NotLeaderError;

/** The node to talk to instead, when the error names it. */
export const leaderOf = (error: unknown): string | undefined => {
  if (!(error instanceof NotLeaderError)) return undefined;
  const { address, port } = error.leader;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
};

/** What went wrong, as an `Error`. */
export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
