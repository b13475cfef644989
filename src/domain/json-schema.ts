import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Json, JsonObject } from './json.ts';

/** Checks a value; answers what is wrong with it, each as `<path>: <problem>`. */
export type SchemaCheck = (value: Json) => readonly string[];

const NOTHING: readonly string[] = [];

/** Compiles a JSON Schema (2020-12). Throws an `Error` when it is none. */
export const compileSchema = (schema: JsonObject): SchemaCheck => {
  const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
  return (value) => (validate(value) ? NOTHING : (validate.errors ?? []).map(described));
};

const described = ({ instancePath, message = 'is not valid' }: ErrorObject): string =>
  `${instancePath === '' ? 'the value' : instancePath.slice(1).replaceAll('/', '.')} ${message}`;
