import { checkCollection, checkField } from '../../ports/read-models-checks.ts';

// SQLite takes names that differ only in case for the same one.
const foldSafe = (name: string): string => name.replace(/[A-Z]/g, (letter) => `$${letter.toLowerCase()}`);

/** The table of a collection, unquoted. */
export const tableOf = (collection: string): string => `doc_${foldSafe(checkCollection(collection))}`;

/** The table of the texts in a list of a collection's documents, unquoted. */
export const eachTableOf = (collection: string): string => `each_${foldSafe(checkCollection(collection))}`;

/** The column of a field, unquoted. */
export const columnOf = (field: string): string => `f_${foldSafe(checkField(field))}`;

/** A name as SQL takes it. */
export const quoted = (name: string): string => `"${name}"`;

/** The field of a column. */
export const fieldNamed = (column: string): string =>
  column.slice(2).replace(/\$([a-z])/g, (_, letter: string) => letter.toUpperCase());
