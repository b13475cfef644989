import { DURATION_PATTERN } from '../../duration.ts';
import type { JsonObject } from '../../json.ts';

/** A name of a workflow, a step or a signal. */
export const NAME: JsonObject = {
  title: 'a name of small letters, digits, "_" and "-" that begins with a letter',
  type: 'string',
  pattern: '^[a-z][a-z0-9_-]*$',
  maxLength: 128,
};

/** A length of time. */
export const DURATION: JsonObject = {
  title: 'a duration such as 500ms, 30s, 5m, 2h, 1d or PT30S',
  type: 'string',
  pattern: `^${DURATION_PATTERN}$`,
};

/** A length of time, or a text with an expression that gives one. */
export const DURATION_OR_EXPRESSION: JsonObject = {
  title: 'a duration such as 500ms, 30s, 5m, 2h, 1d or PT30S, or an expression ${…} that gives one',
  type: 'string',
  pattern: `^${DURATION_PATTERN}$|\\$\\{`,
};

/** Variables or fields by name; a value may hold `${…}`. */
export const FIELDS: JsonObject = { title: 'values by name', type: 'object' };

/** An object of these fields and no others. */
export const block = (
  title: string,
  properties: JsonObject,
  required: readonly string[] = [],
): JsonObject => ({
  title,
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required.length === 0 ? {} : { required }),
});

/** A list of texts. */
export const texts = (title: string): JsonObject => ({
  title,
  type: 'array',
  items: { title: 'a text', type: 'string', minLength: 1 },
});

/** A whole number of at least `minimum`. */
export const whole = (minimum: number): JsonObject => ({
  title: `a whole number of ${minimum} or more`,
  type: 'integer',
  minimum,
});

/** One of these words. */
export const oneOf = (...words: readonly string[]): JsonObject => ({
  title: `one of ${words.join(', ')}`,
  enum: words,
});

/** True or false. */
export const SWITCH: JsonObject = { title: 'true or false', type: 'boolean' };

/** A text that is not empty. */
export const TEXT: JsonObject = { title: 'a text', type: 'string', minLength: 1 };

/** A definition of the schema, by name. */
export const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });

/** The same, with what it is for. */
export const described = (description: string, schema: JsonObject): JsonObject => ({
  ...schema,
  description,
});
