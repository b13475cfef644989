import type { Json, JsonObject } from '../domain/json.ts';
import type { Activity, ActivityContext } from '../ports/activities.ts';

/** What `defineActivity` is given. `Input` is what the author says the steps hand over; `input` holds them to it. */
export interface ActivityDefinition<Input, Output> {
  /** What definitions call it: letters, digits, `_`, `-` and `.`, a letter first. */
  readonly name: string;
  /** JSON Schema (2020-12) of the input; another input fails the step with `InvalidInput`. */
  readonly input?: JsonObject;
  /** JSON Schema (2020-12) of the output; another output fails the step with `InvalidOutput`. */
  readonly output?: JsonObject;
  /** Calling it twice does no harm: an attempt that a crash interrupted is made again, whatever the retry policy says. */
  readonly idempotent?: boolean;
  /** Does the work. What it returns must be JSON; what it throws fails the attempt with the error's `type` or `name`. */
  run(ctx: ActivityContext, input: Input): Output | Promise<Output>;
}

/** Code that steps can call. Throws a `TypeError` for a definition that is none, with what was expected. */
export const defineActivity = <Input = Json, Output = unknown>(
  definition: ActivityDefinition<Input, Output>,
): Activity => {
  const problem = problemOf(definition);
  if (problem !== undefined) throw new TypeError(problem);
  // Not the bare function: a `run` that uses `this` keeps it.
  return Object.freeze({
    ...definition,
    run: (ctx: ActivityContext, input: Json) => definition.run(ctx, input as Input),
  });
};

const NAME = /^[A-Za-z][\w.-]{0,127}$/;

/** What keeps a value from being an activity; `undefined` when nothing does. */
export const problemOf = (value: object): string | undefined => {
  const { name, input, output, idempotent, run } = value as Partial<Record<keyof Activity, unknown>>;
  if (typeof name !== 'string' || !NAME.test(name))
    return `Expected an activity's name to be letters, digits, "_", "-" and ".", a letter first, but found ${shown(name)}.`;
  const of = `of the activity "${name}"`;
  if (typeof run !== 'function') return `Expected "run" ${of} to be a function, but found ${shown(run)}.`;
  for (const [field, schema] of Object.entries({ input, output })) {
    if (schema !== undefined && !isObject(schema))
      return `Expected "${field}" ${of} to be a JSON Schema, but found ${shown(schema)}.`;
  }
  if (idempotent !== undefined && typeof idempotent !== 'boolean')
    return `Expected "idempotent" ${of} to be true or false, but found ${shown(idempotent)}.`;
  return undefined;
};

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 200)) : `a ${kindOf(value)}`;
};

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
};
