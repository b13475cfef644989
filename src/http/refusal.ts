import type { RejectionCode } from '../domain/rejection.ts';
import type { Json } from '../domain/json.ts';
import type { ErrorMapper } from '../graphql/errors/error-mapper.ts';
import type { Answer } from './exchange.ts';

/** The status of each refusal: whoever adds a code says here what HTTP makes of it. */
const OF_REJECTION: Readonly<Record<RejectionCode, number>> = {
  BAD_USER_INPUT: 400,
  INVALID_DEFINITION: 400,
  INVALID_INPUT: 400,
  WORKFLOW_NOT_FOUND: 404,
  VERSION_NOT_FOUND: 404,
  WORKFLOW_RETIRED: 409,
  VERSION_RETIRED: 409,
  ROUTE_TAKEN: 409,
  SCHEDULE_NOT_FOUND: 404,
  EXECUTION_NOT_FOUND: 404,
  EXECUTION_ENDED: 409,
  EXECUTION_REMOVED: 410,
  EXECUTION_TRUNCATED: 409,
  EXECUTION_COMPENSATING: 409,
  EXECUTION_NOT_FAILED: 409,
  NOTHING_TO_RETRY: 409,
  MIGRATION_REFUSED: 409,
  NOTHING_TO_COMPENSATE: 409,
  STEP_NOT_FOUND: 404,
  STEP_NOT_ACTIVE: 409,
  INVALID_OUTPUT: 400,
  NOTIFICATION_NOT_FOUND: 404,
  NOTIFICATION_PENDING: 409,
  APPROVAL_NOT_PENDING: 409,
  NOT_AN_ASSIGNEE: 403,
  PROJECTION_NOT_FOUND: 404,
  PROJECTION_NOT_STOPPED: 409,
  REBUILD_RUNNING: 409,
  REBUILD_NOT_RUNNING: 409,
  REBUILD_CANCELLED: 409,
  NOTHING_KEPT: 409,
  NO_RETENTION: 409,
  RETENTION_UNDER_WAY: 409,
  TRUNCATION_UNDER_WAY: 409,
  ARCHIVE_NOT_FOUND: 404,
  ARCHIVE_DAMAGED: 409,
  ARCHIVE_CONFLICT: 409,
  API_KEY_NOT_FOUND: 404,
  FORBIDDEN: 403,
  PAYLOAD_TOO_LARGE: 413,
  ATTEMPT_OVER: 409,
  NOT_OWNER: 421,
  AS_OF_AHEAD: 400,
  WAIT_TIMEOUT: 504,
  UNAVAILABLE: 503,
  OVERLOADED: 503,
};

const STATUS: Readonly<Record<string, number>> = {
  ...OF_REJECTION,
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  COMMIT_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  LOG_UNAVAILABLE: 503,
  READ_MODELS_UNAVAILABLE: 503,
};

/** The status that HTTP has for an error's code. */
export const statusOf = (code: string): number => STATUS[code] ?? 500;

/** What a request that went wrong is answered: the codes and details that GraphQL has under `extensions`. */
export const refusalOf = (error: unknown, mapError: ErrorMapper): Answer => {
  const { message, extensions } = mapError(error);
  const { code, http, ...details } = extensions;
  const name = String(code);
  return {
    status: statusOf(name),
    body: { error: { code: name, message, ...(details as Readonly<Record<string, Json>>) } },
    headers: http?.headers ?? {},
  };
};
