import { Ajv2020, type ErrorObject, type Options } from 'ajv/dist/2020.js';
import type { Json, JsonObject } from './json.ts';

/** Checks a value; answers what is wrong with it, each as `<path>: <problem>`. */
export type SchemaCheck = (value: Json) => readonly string[];

const NOTHING: readonly string[] = [];

const OPTIONS: Options = { allErrors: true, strict: false, validateFormats: false };

// What a schema may say is compiled once for all of them: that takes longer than most schemas do.
const schemas = new Ajv2020(OPTIONS);

/** Compiles a JSON Schema (2020-12). Throws an `Error` when it is none. */
export const compileSchema = (schema: JsonObject): SchemaCheck => {
  if (!schemas.validateSchema(schema)) throw new Error(`schema is invalid: ${schemas.errorsText()}`);
  // Each has a compiler of its own, so that the names within one are not those of another.
  const validate = new Ajv2020({ ...OPTIONS, validateSchema: false }).compile(schema);
  // One of Ajv's own that would answer later, with a rejection that nobody waits for.
  if ('$async' in validate) throw new Error('schema is invalid: data/$async is no keyword of JSON Schema');
  return (value) => (validate(value) ? NOTHING : (validate.errors ?? []).map(described));
};

const described = ({ instancePath, message = 'is not valid' }: ErrorObject): string =>
  `${instancePath === '' ? 'the value' : instancePath.slice(1).replaceAll('/', '.')} ${message}`;
