import { own, type Json, type JsonObject } from '../../domain/json.ts';
import type { Scalar } from '../../ports/read-models.ts';

/** A document's top-level field; an absent one counts as null. */
export const storedValue = (doc: JsonObject, field: string): Json => own(doc, field) ?? null;

/**
 * What a field's value is filtered and sorted by: SQLite's own order is null, numbers, strings by UTF-8 bytes.
 * What is no scalar has no place in that order and counts as null.
 */
export const sortValue = (value: Json): Scalar =>
  typeof value === 'string' || typeof value === 'number' ? value : null;

/** What a document's field is filtered and sorted by. Whether it is its own need not be asked: what all objects have is no scalar. */
export const sortValueIn = (doc: JsonObject, field: string): Scalar => {
  const value = doc[field];
  return typeof value === 'string' || typeof value === 'number' ? value : null;
};
