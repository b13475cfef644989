import type { Look } from '../../ports/read-models.ts';
import { fieldOf, meets } from './read-models-conditions.ts';
import { quoted } from './read-models-names.ts';
import { selectOf } from './read-models-query.ts';
import { all, sql, type Sql } from './read-models-sql.ts';
import type { Table } from './read-models-tables.ts';

// Rows come in the order of the first: one loop within the other, neither of which SQLite may change for the other.
const documentsOf = (table: Table, rows: Sql, meeting: Sql, limit: number): Sql =>
  sql(
    `SELECT d.key, d.position, d.doc FROM (SELECT id FROM (${rows.text})) AS i
      CROSS JOIN ${quoted(table.name)} AS d ON d.rowid = i.id WHERE ${meeting.text} LIMIT ?`,
    ...rows.values,
    ...meeting.values,
    BigInt(limit),
  );

/** The selects of a look: of what is wanted, and of the last that is looked at when not as many are found. */
export const selectsOf = (
  table: Table,
  { where, orderBy, after, meeting, most, limit }: Look,
): { readonly found: Sql; readonly last: Sql } => {
  const query = { where, orderBy, ...(after === undefined ? {} : { after }) };
  const conditions = meeting.map((condition) => meets(fieldOf(table, condition.field), condition));
  const wanted = conditions.length === 0 ? sql('TRUE') : all(conditions);
  const { text, values } = selectOf(table, { ...query, limit: 1 }, 'rows');
  const lastRow = sql(`${text} OFFSET ?`, ...values, BigInt(most - 1));
  return {
    found: documentsOf(table, selectOf(table, { ...query, limit: most }, 'rows'), wanted, limit),
    last: documentsOf(table, lastRow, sql('TRUE'), 1),
  };
};

/** Looks into a table. To be called in a transaction. */
export const lookAt = <Row>(
  table: Table,
  look: Look,
  rowsOf: (select: Sql) => readonly Row[],
): { readonly found: readonly Row[]; readonly last: Row | undefined } => {
  const selects = selectsOf(table, look);
  const found = rowsOf(selects.found);
  return { found, last: found.length === look.limit ? found.at(-1) : rowsOf(selects.last)[0] };
};
