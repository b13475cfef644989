/** Why a run cannot go on with another version. */
export type MigrationReasonCode =
  | 'STEP_MISSING'
  | 'STEP_OF_OTHER_KIND'
  | 'STEP_ELSEWHERE'
  | 'STEP_UNDER_WAY'
  | 'BRANCHES_CHANGED'
  | 'NEXT_CHANGED'
  | 'UNDOING_CHANGED'
  | 'VARIABLE_NEVER_SET'
  | 'STEP_NEVER_RUN';

/** One of the reasons. */
export interface MigrationReason {
  readonly code: MigrationReasonCode;
  /** Path of the step of the run, or name of the step of the version, that it is about; empty for the whole run. */
  readonly step: string;
  /** "Expected …, but …". */
  readonly message: string;
}
