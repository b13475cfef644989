import type { Json } from '../domain/json.ts';

/** The texts of a document's field that is a list, each once; of anything else there are none. */
export const textsIn = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? [...new Set(value.filter((item) => typeof item === 'string'))] : [];
