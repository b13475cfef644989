import { compileSchema, type SchemaCheck } from '../domain/json-schema.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** Checks values against the JSON Schemas of activities, each compiled once. */
export interface Schemas {
  /** What is wrong with the value; empty when nothing is, or when there is no schema. */
  check(schema: JsonObject | undefined, value: Json): readonly string[];
}

const NOTHING: readonly string[] = [];

/** Compiled schemas, kept as long as the activity that they are part of. */
export const createSchemas = (): Schemas => {
  const compiled = new WeakMap<JsonObject, SchemaCheck>();
  return {
    check: (schema, value) => {
      if (schema === undefined) return NOTHING;
      let check = compiled.get(schema);
      if (check === undefined) {
        check = compileSchema(schema);
        compiled.set(schema, check);
      }
      return check(value);
    },
  };
};
