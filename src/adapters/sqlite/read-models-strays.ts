import type { Json, JsonObject } from '../../domain/json.ts';
import type { Stray, StrayPlace, Strays } from '../../ports/read-models.ts';
import { objectOf, storedText } from '../../ports/stored-object.ts';
import type { Connection } from './read-models-connection.ts';
import { eachColumns, entriesOf, placed, TEXTS, textsOfEntries, type Entries } from './read-models-each.ts';
import { columnOf, fieldNamed, quoted } from './read-models-names.ts';
import type { Each, Table } from './read-models-tables.ts';
import { toldOf } from './read-models-told.ts';

type Value = string | number | bigint | Uint8Array | null;
type Row = readonly Value[];

/** How many are looked at, and up to where documents are looked at whatever their rows tell. */
export interface Bounds {
  readonly limit: number;
  readonly upTo: bigint;
}

/** Before all rows, whatever somebody has made of their numbers. */
const BEFORE_ROWS = -(2n ** 63n);

/** A place in the list table before all of its entries. One in it is an entry; one before it a row, and the last of the rows. */
const ENTRIES: StrayPlace = [];

/** A value as SQLite gives it back: what is no Unicode of a text does not come back. */
const stored = (value: Value): Value => (typeof value === 'string' ? value.toWellFormed() : value);

/** Whole numbers are numbers like any other to whoever looks for them. */
const isSame = (found: Value | undefined, expected: Value): boolean =>
  (typeof found === 'bigint' ? Number(found) : found) === stored(expected);

/** A value as JSON tells it; nothing where it stands for nothing. */
const shown = (value: Value | undefined): Json => {
  if (value === undefined || value === Number.NEGATIVE_INFINITY) return null;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex')}` : value;
};

const parsed = (doc: Value | undefined): JsonObject | undefined => objectOf(storedText(doc));

/** What the entries of a document are shown as: the texts, and what they are sorted by. */
const shownEntries = (each: Each, texts: readonly string[], place: Value | undefined): JsonObject => ({
  [`${each.field}[]`]: texts,
  [each.place]: shown(place),
});

const rowsOf = (connection: Connection, sql: string, ...values: readonly Value[]): readonly Row[] =>
  connection.listing(sql).all(...values) as unknown as readonly Row[];

/** Whether the list table has an entry of a document. */
const hasEntry = (connection: Connection, each: Each, key: string, { place }: Entries) => {
  const { text, at } = eachColumns(each);
  const find = connection.listing(
    `SELECT 1 FROM ${quoted(each.table)} WHERE ${quoted(text)} = ? AND ${quoted(at)} = ? AND key = ?`,
  );
  return (one: string): boolean => find.get(one, placed(place), key) !== undefined;
};

/** What of a document's texts the list table has not, beside what it is to have. */
const missingOf = (
  connection: Connection,
  each: Each,
  key: string,
  doc: JsonObject,
): readonly [found: JsonObject, expected: JsonObject] | undefined => {
  const entries = entriesOf(doc, each);
  const texts = textsOfEntries(entries);
  const there = texts.filter(hasEntry(connection, each, key, entries));
  if (there.length === texts.length) return undefined;
  return [shownEntries(each, there, entries.place), shownEntries(each, texts, entries.place)];
};

/** In the order that they were added in, so that what is added meanwhile is behind the last. */
const strayRows = (
  connection: Connection,
  table: Table,
  [after, last]: readonly [after: Value, last: Value],
  limit: number,
): { readonly rows: readonly Row[]; readonly strays: readonly Stray[] } => {
  const { told, valuesOf } = toldOf(table);
  const { each } = table;
  const names = told.map((column) => (column === TEXTS ? (each?.field ?? '') : fieldNamed(column)));
  const rows = rowsOf(
    connection,
    `SELECT ${['rowid', 'key', 'doc', ...told.map(quoted)].join(', ')} FROM ${quoted(table.name)}
      WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?`,
    after,
    last,
    limit,
  );
  const strays = rows.flatMap(([, key, text, ...columns]): readonly Stray[] => {
    const doc = parsed(text);
    // It says nothing that it could be found by.
    if (doc === undefined) return [];
    const values = valuesOf(doc);
    const wrong = values.flatMap((value, n) => (isSame(columns[n], value) ? [] : [n]));
    const missing = each && missingOf(connection, each, String(key), doc);
    if (wrong.length === 0 && missing === undefined) return [];
    const picked = (of: readonly Value[]) =>
      Object.fromEntries(wrong.map((n) => [names[n] ?? '', shown(of[n])]));
    const [found, expected] = missing ?? [];
    // What stands in a column is told rather than that nothing stands in the list table beside what it says.
    return [
      {
        key: String(key),
        found: { ...found, ...picked(columns) },
        expected: { ...expected, ...picked(values) },
      },
    ];
  });
  return { rows, strays };
};

/** The next entries; of documents that are behind `upTo` only those that their rows do not tell, of which nobody adds any. */
const strayEntries = (
  connection: Connection,
  { name }: Table,
  each: Each,
  behind: readonly Value[],
  { limit, upTo }: Bounds,
): { readonly rows: readonly Row[]; readonly strays: readonly Stray[] } => {
  const { text, at } = eachColumns(each);
  const order = [quoted(text), quoted(at), 'key'].map((column) => `e.${column}`).join(', ');
  const isTold = `EXISTS (SELECT 1 FROM json_each(d.${TEXTS}) WHERE value = e.${quoted(text)})
    AND ifnull(d.${quoted(columnOf(each.place))}, -9e999) = e.${quoted(at)}`;
  const rows = rowsOf(
    connection,
    `SELECT ${order}, d.doc FROM ${quoted(each.table)} AS e LEFT JOIN ${quoted(name)} AS d ON d.key = e.key
      WHERE ${behind.length === 0 ? '' : `(${order}) > (?, ?, ?) AND`}
        (d.position IS NULL OR d.position <= ? OR NOT (${isTold})) ORDER BY ${order} LIMIT ?`,
    ...behind,
    upTo,
    limit,
  );
  const strays = rows.flatMap(([one, place, key, doc]): readonly Stray[] => {
    const said = doc === null ? undefined : parsed(doc);
    if (doc !== null && said === undefined) return [];
    const entries = said && entriesOf(said, each);
    const texts = entries === undefined ? [] : textsOfEntries(entries);
    if (entries && isSame(place, placed(entries.place)) && texts.some((its) => isSame(one, its))) return [];
    const expected = entries === undefined ? null : shownEntries(each, texts, entries.place);
    return [{ key: String(key), found: shownEntries(each, [String(one)], place), expected }];
  });
  return { rows, strays };
};

/** Where looking through the rows that there are ends. */
const lastRow = (connection: Connection, { name }: Table): Value =>
  rowsOf(connection, `SELECT ifnull(max(rowid), 0) FROM ${quoted(name)}`)[0]?.[0] ?? 0;

/**
 * Looks through a table's rows as they were added, then through the entries of its list in their order, for those that do
 * not say what the documents say. To be called in a transaction.
 */
export const straysIn = (
  connection: Connection,
  table: Table,
  from: StrayPlace | undefined,
  bounds: Bounds,
): Strays => {
  const { each } = table;
  const { limit } = bounds;
  const [after, last, key] = (from ?? [BEFORE_ROWS, lastRow(connection, table)]) as readonly Value[];
  if (after !== undefined && last !== undefined && key === undefined) {
    const { rows, strays } = strayRows(connection, table, [after, last], limit);
    const rest = each === undefined ? undefined : ENTRIES;
    return { strays, looked: rows.length, next: rows.length < limit ? rest : [rows.at(-1)?.[0], last] };
  }
  // It was there when the place was told.
  if (each === undefined) return { strays: [], looked: 0, next: undefined };
  const { rows, strays } = strayEntries(connection, table, each, (from ?? []) as readonly Value[], bounds);
  return { strays, looked: rows.length, next: rows.length < limit ? undefined : rows.at(-1)?.slice(0, 3) };
};
