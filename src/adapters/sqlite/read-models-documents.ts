import type { Json, JsonObject } from '../../domain/json.ts';
import { objectOf } from '../../ports/stored-object.ts';

/** Makes documents of their texts, `undefined` of what is no JSON object; whoever gets one may get the very same as somebody else, and cannot change it. */
export type DocumentOf = (text: string) => JsonObject | undefined;

/** Characters of texts that are kept, and as many of those that came before them. */
const CHARACTERS = 1024 * 1024;

// Sketches are lists of hundreds of numbers, which are not to be called for one by one.
const frozen = <T extends Json>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  const parts: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  for (const part of parts) if (typeof part === 'object' && part !== null) frozen(part);
  return Object.freeze(value);
};

/**
 * Keeps the documents of the texts that came last: who looks at a page looks at it again and again, and to parse it takes
 * longer than to find it. What the text is the document is, so nothing that is kept is ever out of date.
 */
export const createDocuments = (characters = CHARACTERS): DocumentOf => {
  let latest = new Map<string, JsonObject>();
  let earlier = new Map<string, JsonObject>();
  let length = 0;

  const keep = (text: string, document: JsonObject): void => {
    // All at once: to forget them one by one takes as long as to parse.
    if (length + text.length > characters) {
      earlier = latest;
      latest = new Map();
      length = 0;
    }
    latest.set(text, document);
    length += text.length;
  };

  return (text) => {
    const known = latest.get(text);
    if (known !== undefined) return known;
    const found = earlier.get(text) ?? objectOf(text);
    if (found === undefined) return undefined;
    const document = frozen(found);
    if (text.length <= characters) keep(text, document);
    return document;
  };
};
