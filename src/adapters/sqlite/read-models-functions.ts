import type { DatabaseSync } from 'node:sqlite';
import { textsIn } from '../../ports/read-models-lists.ts';
import { objectOf, storedText } from '../../ports/stored-object.ts';
import {
  FIELD_FUNCTION,
  HAS_FUNCTION,
  HAS_WITHIN_FUNCTION,
  TEXTS_HAVE_FUNCTION,
  TEXTS_HAVE_WITHIN_FUNCTION,
} from './read-models-conditions.ts';
import { sortValue, storedValue } from './read-models-values.ts';

// What is no document has no fields: whoever finds it is told what it is, and whoever does not can go on.
const fieldIn = (doc: unknown, field: unknown) =>
  storedValue(objectOf(storedText(doc)) ?? {}, field as string);

const isLess = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

const textsOf = (texts: unknown): readonly string[] =>
  texts === null ? [] : (JSON.parse(texts as string) as readonly string[]);

const haveOneOf = (texts: readonly string[], values: unknown): 0 | 1 => {
  const wanted = JSON.parse(values as string) as readonly string[];
  return texts.some((text) => wanted.includes(text)) ? 1 : 0;
};

const haveWithin = (texts: readonly string[], from: unknown, before: unknown): 0 | 1 => {
  const isWithin = (text: string) => !isLess(text, from as string) && isLess(text, before as string);
  return texts.some(isWithin) ? 1 : 0;
};

/** Teaches a database to look into documents for what it has no columns of. */
export const addFunctions = (database: DatabaseSync): void => {
  const pure = { deterministic: true };
  database.function(FIELD_FUNCTION, pure, (doc, field) => sortValue(fieldIn(doc, field)));
  database.function(HAS_FUNCTION, pure, (doc, field, values) =>
    haveOneOf(textsIn(fieldIn(doc, field)), values),
  );
  database.function(HAS_WITHIN_FUNCTION, pure, (doc, field, from, before) =>
    haveWithin(textsIn(fieldIn(doc, field)), from, before),
  );
  database.function(TEXTS_HAVE_FUNCTION, pure, (texts, values) => haveOneOf(textsOf(texts), values));
  database.function(TEXTS_HAVE_WITHIN_FUNCTION, pure, (texts, from, before) =>
    haveWithin(textsOf(texts), from, before),
  );
};
