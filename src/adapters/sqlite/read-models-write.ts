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
  const update = connection.statement(
    `UPDATE ${quoted(table)} SET ${['position', 'doc', ...names].map((name) => `${name} = ?`).join(', ')}
      WHERE key = ? AND position = ?`,
  );
  const lost: string[] = [];
  for (const { key, doc, position, expected } of writes) {
    const values = fields.map((field) => sortValue(storedValue(doc, field)));
    const row = [position, JSON.stringify(doc), ...values, key];
    const { changes } = expected === undefined ? insert.run(...row) : update.run(...row, expected);
    if (changes === 0n || changes === 0) lost.push(key);
  }
  return lost;
};
