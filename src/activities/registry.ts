import { compileSchema } from '../domain/json-schema.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Activities, Activity } from '../ports/activities.ts';
import { problemOf } from './define-activity.ts';

/** Activities that cannot be served together, or that are none. */
export class ActivityError extends Error {
  readonly code = 'INVALID_ACTIVITY';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ActivityError';
  }
}

/** An activity, and where it was found: a file, or "built in". */
export interface FoundActivity {
  readonly activity: Activity;
  readonly from: string;
}

/**
 * The activities that a node serves, all of them or none: throws an `ActivityError` for one that is
 * malformed, whose schema is none, or whose name another has.
 */
export const createActivities = (found: Iterable<FoundActivity>): Activities => {
  const byName = new Map<string, FoundActivity>();
  for (const { activity, from } of found) {
    const problem = problemOf(activity) ?? schemaProblem(activity);
    if (problem !== undefined) throw new ActivityError(`${from}: ${problem}`);
    const other = byName.get(activity.name);
    if (other !== undefined)
      throw new ActivityError(
        `${from}: Expected each activity to have a name of its own, but "${activity.name}" is also in ${other.from}.`,
      );
    byName.set(activity.name, { activity, from });
  }
  const names = Object.freeze([...byName.keys()].sort());
  return { find: (name) => byName.get(name)?.activity, names: () => names };
};

const schemaProblem = ({ name, input, output }: Activity): string | undefined => {
  for (const [field, schema] of Object.entries({ input, output })) {
    const problem = schema === undefined ? undefined : compileProblem(schema);
    if (problem !== undefined)
      return `Expected "${field}" of the activity "${name}" to be a JSON Schema, but ${problem}.`;
  }
  return undefined;
};

const compileProblem = (schema: JsonObject): string | undefined => {
  try {
    compileSchema(schema);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};
