import { ExpressionError, type Scope, type TemplateFields } from '../definition/definition.ts';
import type { JsonObject } from '../json.ts';
import type { ErrorPayload } from './events.ts';

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

/** Evaluates templates by name. */
export const evaluateFields = (fields: TemplateFields, scope: Scope): JsonObject =>
  Object.fromEntries(Object.entries(fields).map(([name, template]) => [name, template.evaluate(scope)]));
