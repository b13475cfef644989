import { checkCollection, checkField } from '../../ports/read-models-checks.ts';

/** More names than a server has; users' own fields are among them. */
const NAMES = 1_000;

/** The same, each name once: to check one and to fold it takes a good part of what a small query does. */
const once = (make: (name: string) => string): ((name: string) => string) => {
  const made = new Map<string, string>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const text = make(name);
    if (made.size >= NAMES) made.clear();
    made.set(name, text);
    return text;
  };
};

// SQLite takes names that differ only in case for the same one.
const foldSafe = (name: string): string => name.replace(/[A-Z]/g, (letter) => `$${letter.toLowerCase()}`);

/** The table of a collection, unquoted. */
export const tableOf = once((collection) => `doc_${foldSafe(checkCollection(collection))}`);

/** The table of the texts in a list of a collection's documents, unquoted. */
export const eachTableOf = once((collection) => `each_${foldSafe(checkCollection(collection))}`);

/** The column of a field, unquoted. */
export const columnOf = once((field) => `f_${foldSafe(checkField(field))}`);

/** A name as SQL takes it. */
export const quoted = (name: string): string => `"${name}"`;

/** The field of a column. */
export const fieldNamed = (column: string): string =>
  column.slice(2).replace(/\$([a-z])/g, (_, letter: string) => letter.toUpperCase());
