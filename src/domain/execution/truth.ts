import type { Json } from '../json.ts';
import type { ErrorPayload } from './events.ts';

/** The error of a condition that is neither true nor false. */
export const notTrueOrFalse = (field: string, found: Json): ErrorPayload => ({
  type: 'ExpressionError',
  message: `Expected "${field}" to be true or false, but found ${JSON.stringify(found)}.`,
});
