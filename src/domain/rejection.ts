import type { JsonObject } from './json.ts';

/** Why a command or a query is refused: stable codes, part of the API. */
export type RejectionCode =
  | 'BAD_USER_INPUT'
  | 'INVALID_DEFINITION'
  | 'INVALID_INPUT'
  | 'WORKFLOW_NOT_FOUND'
  | 'VERSION_NOT_FOUND'
  | 'WORKFLOW_RETIRED'
  | 'VERSION_RETIRED'
  | 'ROUTE_TAKEN'
  | 'SCHEDULE_NOT_FOUND'
  | 'EXECUTION_NOT_FOUND'
  | 'EXECUTION_ENDED'
  | 'EXECUTION_REMOVED'
  | 'EXECUTION_TRUNCATED'
  | 'APPROVAL_NOT_PENDING'
  | 'NOT_AN_ASSIGNEE'
  | 'EXECUTION_COMPENSATING'
  | 'EXECUTION_NOT_FAILED'
  | 'NOTHING_TO_RETRY'
  | 'MIGRATION_REFUSED'
  | 'NOTHING_TO_COMPENSATE'
  | 'STEP_NOT_FOUND'
  | 'STEP_NOT_ACTIVE'
  | 'INVALID_OUTPUT'
  | 'NOTIFICATION_NOT_FOUND'
  | 'NOTIFICATION_PENDING'
  | 'PROJECTION_NOT_FOUND'
  | 'PROJECTION_NOT_STOPPED'
  | 'REBUILD_RUNNING'
  | 'REBUILD_NOT_RUNNING'
  | 'REBUILD_CANCELLED'
  | 'NOTHING_KEPT'
  | 'NO_RETENTION'
  | 'RETENTION_UNDER_WAY'
  | 'TRUNCATION_UNDER_WAY'
  | 'ARCHIVE_NOT_FOUND'
  | 'ARCHIVE_DAMAGED'
  | 'ARCHIVE_CONFLICT'
  | 'API_KEY_NOT_FOUND'
  | 'FORBIDDEN'
  | 'PAYLOAD_TOO_LARGE'
  | 'ATTEMPT_OVER'
  | 'NOT_OWNER'
  | 'AS_OF_AHEAD'
  | 'WAIT_TIMEOUT'
  | 'UNAVAILABLE'
  | 'OVERLOADED';

/**
 * A refusal that the caller can act on. The message reads "Expected …, but …";
 * `details` names the field, what was found and what was expected.
 */
export class Rejection extends Error {
  readonly code: RejectionCode;
  readonly details: JsonObject;

  constructor(code: RejectionCode, message: string, details: JsonObject = {}) {
    super(message);
    this.name = 'Rejection';
    this.code = code;
    this.details = details;
  }
}
