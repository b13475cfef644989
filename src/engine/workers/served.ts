import { compileSchema } from '../../domain/json-schema.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { ServedActivity } from '../../ports/workers.ts';

/** The activities that workers say they serve, as each was said last. */
export interface Served {
  /** Takes note of what a worker says. Throws `BAD_USER_INPUT` for what is no JSON Schema. */
  note(activities: readonly ServedActivity[]): ReadonlyMap<string, ServedActivity>;
  get(activity: string): ServedActivity | undefined;
}

const MOST = 10_000;

const same = (one: JsonObject | undefined, other: JsonObject | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const check = ({ name, input, output }: ServedActivity): void => {
  for (const [field, schema] of Object.entries({ input, output })) {
    if (schema === undefined) continue;
    try {
      compileSchema(schema);
    } catch (error) {
      throw new Rejection(
        'BAD_USER_INPUT',
        `Expected "${field}" of the activity "${name}" to be a JSON Schema, but ${(error as Error).message}.`,
        { field: 'activities', found: name },
      );
    }
  }
};

/** Remembers what workers serve; the oldest is forgotten when there is very much of it. */
export const createServed = (): Served => {
  const known = new Map<string, ServedActivity>();

  const note = (activity: ServedActivity): ServedActivity => {
    const before = known.get(activity.name);
    // A schema is compiled once for each object that holds it, and workers send theirs with each claim.
    if (before !== undefined && same(before.input, activity.input) && same(before.output, activity.output))
      return before;
    check(activity);
    known.set(activity.name, activity);
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return activity;
  };

  return {
    note: (activities) => new Map(activities.map((activity) => [activity.name, note(activity)])),
    get: (activity) => known.get(activity),
  };
};
