import type { JsonObject } from '../domain/json.ts';
import type { StoredText } from './read-models.ts';

/** A stored document is no JSON object: somebody else than Sagalog has written it. All others can be read. */
export class CorruptDocument extends Error {
  readonly code = 'READ_MODELS_CORRUPT';
  readonly collection: string;
  /** As it stands. */
  readonly stored: StoredText;

  // What stands in it may be personal, and is not told.
  constructor(collection: string, stored: StoredText) {
    super(
      `Expected the document "${stored.key}" in ${collection} to be a JSON object, but it is none: rebuild the projection to have it folded again from the log.`,
    );
    this.name = 'CorruptDocument';
    this.collection = collection;
    this.stored = stored;
  }
}

/** The JSON object that a text is; `undefined` when it is none. */
export const objectOf = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
};

/** What stands where a document's text is to be, as text. */
export const storedText = (value: unknown): string => (typeof value === 'string' ? value : String(value));

/** A stored document's object, as `parse` makes it of its text. Throws `CorruptDocument`. */
export const objectIn = (
  collection: string,
  key: string,
  position: bigint,
  value: unknown,
  parse: (text: string) => JsonObject | undefined = objectOf,
): JsonObject => {
  const text = storedText(value);
  const found = parse(text);
  if (found === undefined) throw new CorruptDocument(collection, { key, position, text });
  return found;
};
