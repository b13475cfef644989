import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../json.ts';

const sorted = (value: Json): Json => {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
};

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value);

/** The document with its keys in order: what is the same to JSON gets the same text, and so the same hash. */
export const canonical = (document: JsonObject): JsonObject => sorted(document) as JsonObject;

/** `sha256:` and the hex hash of a document, whatever the order of its keys. */
export const definitionHash = (document: JsonObject): string =>
  `sha256:${hash('sha256', canonicalText(document), 'hex')}`;

/** Tells a value from others, and not what it is: 16 hex digits. */
export const hashOf = (value: Json): string => hash('sha256', canonicalText(value), 'hex').slice(0, 16);

/**
 * The text of a value: what is the same to JSON has the same text, whatever the order of keys.
 * Written by hand: an object's own order would put keys that look like numbers first,
 * which is an order too, but not one that another implementation would come to.
 */
export const canonicalText = (value: Json): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`;
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] ?? null)}`);
  return `{${fields.join(',')}}`;
};
