import type { StatementSync } from 'node:sqlite';
import type { DocumentWrite, Scalar, Which } from '../../ports/read-models.ts';
import { fieldOf, meets } from './read-models-conditions.ts';
import type { Connection } from './read-models-connection.ts';
import { entriesOf, NO_ENTRIES, TEXTS, writeEntries } from './read-models-each.ts';
import { columnOf, fieldNamed, quoted } from './read-models-names.ts';
import { all, sql } from './read-models-sql.ts';
import type { Table } from './read-models-tables.ts';
import { sortValue, storedValue } from './read-models-values.ts';

/** Writes documents, each under its guard; answers the keys of those that were not. To be called in a transaction. */
export const writeDocuments = (
  connection: Connection,
  { name, columns, each }: Table,
  writes: readonly DocumentWrite[],
): readonly string[] => {
  const table = quoted(name);
  const fields = [...columns].map(fieldNamed);
  const told = [...columns, ...(each === undefined ? [] : [TEXTS])];
  const insert = connection.statement(
    `INSERT INTO ${table} (${['position', 'doc', ...told.map(quoted), 'key'].join(', ')})
      VALUES (${['?', '?', ...told.map(() => '?'), '?'].join(', ')}) ON CONFLICT (key) DO NOTHING`,
  );
  const before = connection.statement(
    `SELECT ${['position', ...told.map(quoted)].join(', ')} FROM ${table} WHERE key = ?`,
  );
  const update = (changed: readonly string[]): StatementSync =>
    connection.statement(
      `UPDATE ${table} SET ${['position', 'doc', ...changed.map(quoted)].map((column) => `${column} = ?`).join(', ')} WHERE key = ?`,
    );

  /** Whether the document was written. */
  const write = ({ key, doc, position, expected }: DocumentWrite): boolean => {
    const after = each === undefined ? undefined : entriesOf(doc, each);
    const scalars = fields.map((field) => sortValue(storedValue(doc, field)));
    const values = after === undefined ? scalars : [...scalars, after.texts];
    const text = JSON.stringify(doc);
    if (expected === undefined) {
      const { changes } = insert.run(position, text, ...values, key);
      if (changes === 0n || changes === 0) return false;
      if (each && after) writeEntries(connection, each, key, NO_ENTRIES, after);
      return true;
    }
    const found = before.get(key);
    if (found?.['position'] !== expected) return false;
    // An index is written anew for each of its columns that is set, whether that is as it was or not.
    const changed = told.flatMap((column, n) => (found[column] === values[n] ? [] : [n]));
    const names = changed.map((n) => told[n] ?? '');
    update(names).run(position, text, ...changed.map((n) => values[n] ?? null), key);
    if (each && after) {
      const place = (found[columnOf(each.place)] ?? null) as Scalar;
      writeEntries(connection, each, key, { texts: (found[TEXTS] ?? null) as string | null, place }, after);
    }
    return true;
  };

  return writes.flatMap((one) => (write(one) ? [] : [one.key]));
};

/** Removes the documents that meet all conditions and are at `upTo` or before. To be called in a transaction. */
export const removeDocuments = (
  connection: Connection,
  { name, columns, each }: Table,
  which: Which,
  upTo: bigint,
): void => {
  const conditions =
    'keyIn' in which
      ? [sql('key IN (SELECT value FROM json_each(?))', JSON.stringify(which.keyIn))]
      : which.map((condition) => meets(fieldOf(columns, condition.field), condition));
  const { text, values } = all([...conditions, sql('position <= ?', upTo)]);
  const remove = `DELETE FROM ${quoted(name)} WHERE ${text}`;
  if (each === undefined) {
    connection.statement(remove).run(...values);
    return;
  }
  const told = `key, ${TEXTS} AS texts, ${quoted(columnOf(each.place))} AS place`;
  for (const { key, texts, place } of connection.statement(`${remove} RETURNING ${told}`).all(...values)) {
    const before = { texts: texts as string | null, place: place as Scalar };
    writeEntries(connection, each, key as string, before, NO_ENTRIES);
  }
};
