import type { StatementSync } from 'node:sqlite';
import type { DocumentWrite } from '../../ports/read-models.ts';
import type { Connection } from './read-models-connection.ts';
import { columnOf, quoted } from './read-models-names.ts';
import { sortValue, storedValue } from './read-models-values.ts';

const fieldOf = (column: string): string =>
  column.slice(2).replace(/\$([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Writes documents, each under its guard; answers the keys of those that were not. To be called in a transaction. */
export const writeDocuments = (
  connection: Connection,
  table: string,
  columns: ReadonlySet<string>,
  writes: readonly DocumentWrite[],
): readonly string[] => {
  const fields = [...columns].map(fieldOf);
  const names = fields.map((field) => quoted(columnOf(field)));
  const insert = connection.statement(
    `INSERT INTO ${quoted(table)} (${['position', 'doc', ...names, 'key'].join(', ')})
      VALUES (${['?', '?', ...names.map(() => '?'), '?'].join(', ')}) ON CONFLICT (key) DO NOTHING`,
  );
  const before = connection.statement(
    `SELECT ${['position', ...names].join(', ')} FROM ${quoted(table)} WHERE key = ?`,
  );
  const update = (changed: readonly string[]): StatementSync =>
    connection.statement(
      `UPDATE ${quoted(table)} SET ${['position', 'doc', ...changed].map((name) => `${name} = ?`).join(', ')} WHERE key = ?`,
    );
  const lost: string[] = [];
  for (const { key, doc, position, expected } of writes) {
    const values = fields.map((field) => sortValue(storedValue(doc, field)));
    const text = JSON.stringify(doc);
    if (expected === undefined) {
      const { changes } = insert.run(position, text, ...values, key);
      if (changes === 0n || changes === 0) lost.push(key);
      continue;
    }
    const found = before.get(key);
    if (found?.['position'] !== expected) {
      lost.push(key);
      continue;
    }
    // An index is written anew for each of its columns that is set, whether that is as it was or not.
    const changed = [...columns].flatMap((column, n) => (found[column] === values[n] ? [] : [n]));
    update(changed.map((n) => names[n] ?? '')).run(
      position,
      text,
      ...changed.map((n) => values[n] ?? null),
      key,
    );
  }
  return lost;
};
