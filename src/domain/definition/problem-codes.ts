/** What can be wrong in a definition: codes are part of the API and never change their meaning. */
export const PROBLEM_CODES = {
  TOO_LARGE: 'The document has more than 1 MiB.',
  TOO_DEEP: 'It is nested more than 64 levels.',
  ALIAS_BOMB: 'Its aliases make more than 200,000 values or 1 MiB of text.',
  BAD_CHARACTER: 'A character that no text has, such as NUL or half of a surrogate pair.',
  INVALID_YAML: 'Neither YAML 1.2 nor JSON.',
  YAML_VERSION: 'It says that it is YAML of another version.',
  UNKNOWN_ANCHOR: 'An alias whose anchor does not stand before it.',
  DUPLICATE_KEY: 'A key that stands there twice.',
  BAD_KEY: 'A key that is no text.',
  MERGE_KEY: 'The key <<.',
  BAD_TAG: 'A tag such as !!binary, whose value JSON cannot hold.',
  BAD_NUMBER: 'A number that JSON cannot hold exactly.',
  WRONG_TYPE: 'A value of another type than may stand there.',
  WRONG_VALUE: 'A value that may not stand there.',
  MISSING_FIELD: 'A field that has to be there.',
  UNKNOWN_FIELD: 'A field that there is none of.',
  BAD_NAME: 'A name with other than small letters, digits, "_" and "-".',
  BAD_DURATION: 'A duration that is none.',
  BAD_TIME: 'A time that is none, or has no zone.',
  BAD_SCHEMA: 'An input schema that is no JSON Schema.',
  RESERVED_NAME: 'A variable called id, name or started_at, or an item called like something else.',
  RESERVED_PATH: 'A path that the server itself serves, or is going to.',
  BAD_CRON: 'A cron expression that is none.',
  CRON_NEVER: 'A cron expression whose time never comes.',
  BAD_TIME_ZONE: 'A time zone that there is none of.',
  ROUTE_TAKEN: 'A method and path that start another workflow.',
  CHILD_CYCLE: 'A child that would wait for this workflow again.',
  NOT_SUPPORTED: 'Part of the language, not carried out by this version.',
  FIELD_NOT_USED: 'A field that this kind of step does not use.',
  AMBIGUOUS_TRIGGER:
    'debounce or batch beside the other, singleton or idempotency_key: each decides what an event starts.',
  AMBIGUOUS_STEP: 'More than one of activity, set, wait, parallel and the other kinds.',
  AMBIGUOUS_CASE: 'A case of a switch that is neither when with steps nor else, or an else before the last.',
  AMBIGUOUS_WAIT: 'Not exactly one of for, until and signal.',
  DUPLICATE_STEP: 'A step with the name of another.',
  RETRY_WITHOUT_ATTEMPTS: 'retry without max_attempts.',
  FALLBACK_WITHOUT_ACTIVITY: 'fallback without activity.',
  DUPLICATE_COMPENSATION: 'Two compensations of one step.',
  BAD_EXPRESSION: 'No CEL, or not one expression where one has to be.',
  EXPRESSION_TOO_COMPLEX: 'An expression of more than 4,096 characters, 64 levels or 1,000 parts.',
  UNKNOWN_NAME: 'A name that is not known in this place.',
  UNKNOWN_FUNCTION: 'A function that there is none of.',
  UNKNOWN_STEP: 'A step that there is none of.',
  STEP_NOT_RUN_YET: 'A step that comes later.',
  UNKNOWN_RECIPIENT: 'A recipient that the server does not know.',
  NO_SUCH_CHANNEL: 'A channel by which the server cannot reach a recipient.',
  TOO_MANY_PROBLEMS: 'More than 1,000 problems; the others are not listed.',
} as const;

/** What is worth knowing of a definition that is taken. */
export const WARNING_CODES = {
  NOT_ENFORCED: 'Taken, and changes nothing in this version.',
  UNKNOWN_VARIABLE: 'A variable that nothing in the definition sets.',
  NOT_ISOLATABLE: 'An activity that cannot run in a process of its own, and is to.',
  NODE_TOO_SMALL: 'More resources are requested than the server has at which the definition is registered.',
  ACTIVITY_NOT_SERVED: 'An activity that nobody serves when the definition is registered.',
  CHILD_NOT_REGISTERED: 'A workflow to run as a child, of which there is none by then.',
  UNREACHABLE_STEP: 'A step that no run can come to.',
  NOBODY_TOLD: 'A notification is asked for, and no channels or no recipients are said.',
  NO_RECIPIENTS: 'Recipients are named, and the server was told of none.',
  PRIORITY_UNUSED: 'A priority is given, but what waits does so in the order in which it came.',
  COMPENSATION_UNUSED: 'Something undoes steps, but no error leads to it.',
} as const;

/** What is wrong in a definition. */
export type ProblemCode = keyof typeof PROBLEM_CODES;

/** What is worth knowing of a definition. */
export type WarningCode = keyof typeof WARNING_CODES;
