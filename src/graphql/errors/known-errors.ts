import { HttpException } from '@nestjs/common';
import { ConfigError } from '../../config.ts';
import { ExpressionError } from '../../domain/definition/definition.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Rejection } from '../../domain/rejection.ts';
import { Unauthenticated } from '../../ports/authenticator.ts';
import { CommitTooLarge, LogUnavailable, WrongExpectedRevision } from '../../ports/event-log.ts';
import { ReadModelsUnavailable } from '../../ports/read-models.ts';

/** What a caller is told of an error that has a code. */
export interface KnownError {
  readonly code: string;
  readonly message: string;
  readonly details: JsonObject;
  /** The caller cannot know why: the server's log says it. */
  readonly logged: boolean;
}

const HTTP_CODES: Readonly<Record<number, string>> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  429: 'TOO_MANY_REQUESTS',
};

const known = (code: string, message: string, details: JsonObject = {}, logged = false): KnownError => ({
  code,
  message,
  details,
  logged,
});

/** A view that has stopped at an event, which its status says, too; in another thread it was of a class of its own. */
const isStopped = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'PROJECTION_FAILED';

/** A document of a view is no JSON, which its status says, too. What a file is in which nothing can be read is only logged. */
const isCorrupt = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'CorruptDocument';

/** What is told of an error; `undefined` when it is none that a caller may know. */
export const knownError = (error: unknown): KnownError | undefined => {
  if (error instanceof Rejection) return known(error.code, error.message, error.details);
  if (error instanceof Unauthenticated) return known(error.code, error.message);
  if (error instanceof LogUnavailable) {
    return known(error.code, 'Expected the event log to answer, but it does not; try again.', {}, true);
  }
  if (error instanceof ReadModelsUnavailable) {
    return known(error.code, 'Expected the read models to answer, but they do not; try again.', {}, true);
  }
  if (isStopped(error)) return known('PROJECTION_FAILED', error.message);
  if (isCorrupt(error)) return known('READ_MODELS_CORRUPT', error.message, {}, true);
  if (error instanceof CommitTooLarge) return known(error.code, error.message);
  if (error instanceof WrongExpectedRevision) {
    const { stream, expected, actual } = error;
    return known(error.code, error.message, { field: stream, found: actual, expected });
  }
  if (error instanceof ConfigError) return known(error.code, error.message, { problems: error.problems });
  if (error instanceof ExpressionError) {
    return known(error.code, error.message, { field: error.path, found: error.expression });
  }
  if (error instanceof HttpException) {
    const code = HTTP_CODES[error.getStatus()];
    return code === undefined ? undefined : known(code, error.message);
  }
  return undefined;
};
