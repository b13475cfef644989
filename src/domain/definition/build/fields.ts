import { parseDuration } from '../../duration.ts';
import { parseSize } from '../../size.ts';
import { own, type Json, type JsonObject } from '../../json.ts';

/** An object; `undefined` for any other value, which the schema has refused already. */
export const asObject = (value: Json | undefined): JsonObject | undefined =>
  value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;

/** A list; `undefined` for any other value. */
export const asList = (value: Json | undefined): readonly Json[] | undefined =>
  Array.isArray(value) ? (value as readonly Json[]) : undefined;

/** A text; `undefined` for any other value. */
export const asText = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** A number; `undefined` for any other value. */
export const asNumber = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** Milliseconds of a duration; `undefined` for any other value. */
export const asDuration = (value: Json | undefined): number | undefined =>
  typeof value === 'string' ? parseDuration(value) : undefined;

/** Bytes of a size such as 512Mi; `undefined` for any other value. */
export const asSize = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : typeof value === 'string' ? parseSize(value) : undefined;

/** The texts of a list. */
export const asTexts = (value: Json | undefined): readonly string[] =>
  (asList(value) ?? []).filter((item) => typeof item === 'string');

/** A field of what may be an object. */
export const field = (value: Json | undefined, name: string): Json | undefined => {
  const object = asObject(value);
  return object === undefined ? undefined : own(object, name);
};
