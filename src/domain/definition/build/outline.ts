import type { JsonObject } from '../../json.ts';
import type { Scope } from '../definition.ts';
import type { Place } from '../expression/check-names.ts';
import { asList, asObject, asText, field } from './fields.ts';

/** What expressions of a definition may speak of, known before any of them is read. */
export interface Outline {
  /** In their order; a step without a name is an empty text, so that those after it keep their index. */
  readonly steps: readonly string[];
  readonly variables: ReadonlySet<string>;
}

/** What every run says of itself in `workflow`; no variable can have such a name. */
export const RESERVED: readonly string[] = ['id', 'name', 'started_at'];

/** Collects the names of a definition's steps and variables. */
export const outlineOf = (execution: JsonObject): Outline => {
  const activities = asList(field(execution, 'activities'));
  const saga = asList(field(field(execution, 'saga'), 'steps')) ?? [];
  const names =
    activities === undefined
      ? saga.map((step) => asText(field(step, 'activity')))
      : activities.map((step) => asText(field(step, 'name')));
  const set = (activities ?? []).flatMap((step) => [
    ...Object.keys(asObject(field(step, 'output')) ?? {}),
    ...Object.keys(asObject(field(field(step, 'set'), 'variables')) ?? {}),
  ]);
  const declared = Object.keys(asObject(field(execution, 'variables')) ?? {});
  return {
    steps: names.map((name) => name ?? ''),
    variables: new Set([...RESERVED, ...declared, ...set]),
  };
};

/** A place for expressions; the steps before `until` have ended there. */
export const placeIn = (
  { steps, variables }: Outline,
  names: readonly (keyof Scope)[],
  until = steps.length,
): Place => ({ names, steps: new Set(steps), ended: new Set(steps.slice(0, until)), variables });

/** Names that an expression of a step may use. */
export const STEP_NAMES: readonly (keyof Scope)[] = ['event', 'input', 'workflow', 'steps'];
