import type { JsonObject } from '../json.ts';

/** The events that set variables, by the names in their payload. */
export const SETTING_EVENTS = ['execution.started', 'step.completed', 'variables.set'] as const;

/** The variables of a run after one of these events; what it does not set is as it was. */
export const withVariables = (before: JsonObject, set: JsonObject | undefined): JsonObject =>
  set === undefined ? before : { ...before, ...set };
