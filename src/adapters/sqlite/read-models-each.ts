import type { JsonObject } from '../../domain/json.ts';
import { textsIn } from '../../ports/read-models-lists.ts';
import type { Scalar } from '../../ports/read-models.ts';
import type { Connection } from './read-models-connection.ts';
import { columnOf, eachTableOf, quoted } from './read-models-names.ts';
import type { Each } from './read-models-tables.ts';
import { sortValueIn } from './read-models-values.ts';

/** The column in which a row has the texts of its list as they stand in the other table: JSON, or null when there are none. */
export const TEXTS = 'each_texts';

/** What stands for null where a document is in the order of a text: JSON has no infinities. */
export const placed = (value: Scalar): Scalar => value ?? Number.NEGATIVE_INFINITY;

/** Columns of an index of a list, unquoted: the text and what it is sorted by. The key is the third. */
export const eachColumns = ({ field, place }: Each): { readonly text: string; readonly at: string } => ({
  text: `t_${columnOf(field).slice(2)}`,
  at: `p_${columnOf(place).slice(2)}`,
});

/** Makes the table of an index of a list. */
export const createEach = (
  connection: Connection,
  collection: string,
  field: string,
  place: string,
): Each => {
  const each: Each = { table: eachTableOf(collection), field, place };
  const { text, at } = eachColumns(each);
  connection.database.exec(
    `CREATE TABLE ${quoted(each.table)} (${quoted(text)} TEXT NOT NULL, ${quoted(at)} NOT NULL, key TEXT NOT NULL,
      PRIMARY KEY (${quoted(text)}, ${quoted(at)}, key)) WITHOUT ROWID`,
  );
  return each;
};

/** What a document has of texts, as its row tells it. */
export const textsOf = (doc: JsonObject, { field }: Each): string | null => {
  const texts = textsIn(doc[field]);
  return texts.length === 0 ? null : JSON.stringify(texts);
};

/** The texts of one document: as its row tells them, and what they are sorted by. */
export interface Entries {
  readonly texts: string | null;
  readonly place: Scalar;
}

/** Of a document that is not there. */
export const NO_ENTRIES: Entries = { texts: null, place: null };

/** What a document has in the index. */
export const entriesOf = (doc: JsonObject, each: Each): Entries => ({
  texts: textsOf(doc, each),
  place: sortValueIn(doc, each.place),
});

/** The texts of entries. */
export const textsOfEntries = ({ texts }: Entries): readonly string[] =>
  texts === null ? [] : (JSON.parse(texts) as readonly string[]);

/** Changes what a document has in the index. To be called in a transaction. */
export const writeEntries = (
  connection: Connection,
  each: Each,
  key: string,
  before: Entries,
  after: Entries,
): void => {
  if (before.texts === after.texts && (before.texts === null || before.place === after.place)) return;
  const { text, at } = eachColumns(each);
  const remove = connection.statement(
    `DELETE FROM ${quoted(each.table)} WHERE ${quoted(text)} = ? AND ${quoted(at)} = ? AND key = ?`,
  );
  for (const one of textsOfEntries(before)) remove.run(one, placed(before.place), key);
  const insert = connection.statement(`INSERT INTO ${quoted(each.table)} VALUES (?, ?, ?)`);
  for (const one of textsOfEntries(after)) insert.run(one, placed(after.place), key);
};
