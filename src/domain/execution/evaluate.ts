import { ExpressionError, type Scope, type TemplateFields } from '../definition/definition.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ErrorPayload } from './events.ts';
import type { Turn } from './turn.ts';

/** A value, or why it could not be had. */
export type Evaluated<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorPayload };

/** Evaluates a part of the definition; an expression that fails is a step's failure, never an exception. */
export const evaluate = <T>(read: () => T): Evaluated<T> => {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { expression, path, message } = error;
    return { ok: false, error: { type: 'ExpressionError', message, details: { expression, path } } };
  }
};

// What an event's payload has around its values.
const AROUND = 64;

/**
 * Evaluates what becomes an event's payload; one that is larger than the turn allows is a failure too.
 * `around` are the bytes that the payload has besides.
 */
export const evaluatePayload = <T extends Json | undefined>(
  { context: { maxPayload } }: Turn,
  read: () => T,
  around = AROUND,
): Evaluated<T> => {
  const evaluated = evaluate(read);
  if (maxPayload === undefined || !evaluated.ok || evaluated.value === undefined) return evaluated;
  const size = Buffer.byteLength(JSON.stringify(evaluated.value)) + around;
  if (size <= maxPayload) return evaluated;
  const message = `Expected a payload of at most ${maxPayload} bytes, but it has ${size}.`;
  return { ok: false, error: { type: 'PayloadTooLarge', message, details: { size, limit: maxPayload } } };
};

/** Evaluates templates by name. */
export const evaluateFields = (fields: TemplateFields, scope: Scope): JsonObject =>
  Object.fromEntries(Object.entries(fields).map(([name, template]) => [name, template.evaluate(scope)]));
