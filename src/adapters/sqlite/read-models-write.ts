import type { StatementSync } from 'node:sqlite';
import type { DocumentWrite, Scalar, Which } from '../../ports/read-models.ts';
import { fieldOf, meets } from './read-models-conditions.ts';
import type { Connection } from './read-models-connection.ts';
import { NO_ENTRIES, TEXTS, writeEntries, type Entries } from './read-models-each.ts';
import { columnOf, quoted } from './read-models-names.ts';
import { all, sql } from './read-models-sql.ts';
import type { Table } from './read-models-tables.ts';
import { toldOf } from './read-models-told.ts';

/** Writes documents, each under its guard; answers the keys of those that were not. To be called in a transaction. */
export type WriteDocuments = (table: Table, writes: readonly DocumentWrite[]) => readonly string[];

/** Writes a document; answers whether it did. */
type Write = (one: DocumentWrite) => boolean;

/** Which columns change together is mostly the same; past so many ways their statements are made anew. */
const FORMS = 64;

const writerOf = (connection: Connection, { name, columns, each }: Table): Write => {
  const { database } = connection;
  const table = quoted(name);
  const { told, valuesOf } = toldOf({ columns, each });
  const place = each === undefined ? -1 : told.indexOf(columnOf(each.place));
  // Kept here: to look a statement up by its text takes as long as to bind its values.
  const insert = database.prepare(
    `INSERT INTO ${table} (${['position', 'doc', ...told.map(quoted), 'key'].join(', ')})
      VALUES (${['?', '?', ...told.map(() => '?'), '?'].join(', ')}) ON CONFLICT (key) DO NOTHING`,
  );
  const select = `SELECT ${['position', ...told.map(quoted)].join(', ')} FROM ${table} WHERE key = ?`;
  const updates = new Map<string, StatementSync>();

  const updateOf = (form: string, changed: readonly number[]): StatementSync => {
    const known = updates.get(form);
    if (known !== undefined) return known;
    const set = ['position', 'doc', ...changed.map((n) => quoted(told[n] ?? ''))];
    const update = database.prepare(
      `UPDATE ${table} SET ${set.map((column) => `${column} = ?`).join(', ')} WHERE key = ? AND position = ?`,
    );
    if (updates.size >= FORMS) updates.clear();
    updates.set(form, update);
    return update;
  };

  const entriesIn = (values: readonly Scalar[]): Entries => ({
    texts: (values.at(-1) ?? null) as string | null,
    place: values[place] ?? null,
  });

  /** What stands in the columns; `undefined` when the document is not at `expected`. */
  const valuesBefore = ({ key, expected, before }: DocumentWrite): readonly Scalar[] | undefined => {
    if (before !== undefined) return valuesOf(before);
    const found = connection.statement(select).get(key);
    return found?.['position'] === expected ? told.map((column) => found?.[column] as Scalar) : undefined;
  };

  return (one) => {
    const { key, doc, position, expected } = one;
    const values = valuesOf(doc);
    if (expected === undefined) {
      const { changes } = insert.run(position, JSON.stringify(doc), ...values, key);
      if (Number(changes) === 0) return false;
      if (each) writeEntries(connection, each, key, NO_ENTRIES, entriesIn(values));
      return true;
    }
    const before = valuesBefore(one);
    if (before === undefined) return false;
    // An index is written anew for each of its columns that is set, whether that is as it was or not.
    const changed: number[] = [];
    let form = '';
    for (let n = 0; n < values.length; n += 1) {
      if (values[n] === before[n]) continue;
      changed.push(n);
      form += `${n} `;
    }
    const { changes } = updateOf(form, changed).run(
      position,
      JSON.stringify(doc),
      ...changed.map((n) => values[n] ?? null),
      key,
      expected,
    );
    if (Number(changes) === 0) return false;
    if (each) writeEntries(connection, each, key, entriesIn(before), entriesIn(values));
    return true;
  };
};

/** Writes documents of a connection's tables; what it takes to do so is made once for each of them. */
export const createWriter = (connection: Connection): WriteDocuments => {
  const writers = new WeakMap<Table, Write>();
  return (table, writes) => {
    let write = writers.get(table);
    if (write === undefined) {
      write = writerOf(connection, table);
      writers.set(table, write);
    }
    const lost: string[] = [];
    for (const one of writes) if (!write(one)) lost.push(one.key);
    return lost;
  };
};

/** Removes the documents that meet all conditions and are at `upTo` or before. To be called in a transaction. */
export const removeDocuments = (connection: Connection, table: Table, which: Which, upTo: bigint): void => {
  const { name, each } = table;
  const conditions =
    'keyIn' in which
      ? [sql('key IN (SELECT value FROM json_each(?))', JSON.stringify(which.keyIn))]
      : which.map((condition) => meets(fieldOf(table, condition.field), condition));
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
