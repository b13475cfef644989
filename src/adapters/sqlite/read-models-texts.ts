import type { Condition, DocumentQuery } from '../../ports/read-models.ts';
import { behind, type Term } from './read-models-behind.ts';
import { meets, type FieldNamed } from './read-models-conditions.ts';
import { eachColumns, placed } from './read-models-each.ts';
import { quoted } from './read-models-names.ts';
import { all, any, joined, sql, type Sql } from './read-models-sql.ts';
import type { Each, Table } from './read-models-tables.ts';

type ByText = Extract<Condition, { readonly op: 'has' | 'hasWithin' }>;

/** Selects that have nothing in common, as one in an order. */
export const inOrder = (selects: readonly Sql[], terms: readonly Term[], limit: number): Sql => {
  const order = terms.map(({ value, direction }) => `${value} ${direction.toUpperCase()}`).join(', ');
  // SQLite merges parts that come in order, and stops at the limit.
  const { text, values } = joined(selects, ' UNION ALL ');
  return sql(`${text} ORDER BY ${order} LIMIT ?`, ...values, BigInt(limit));
};

/** What is selected: whole documents, or what finds their rows. */
export type Selected = 'documents' | 'rows';

const isByText =
  ({ field }: Each) =>
  (condition: Condition): condition is ByText =>
    (condition.op === 'has' || condition.op === 'hasWithin') && condition.field === field;

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** What a condition on the field of the order says of the place, for the index to be entered by. */
const bound = (at: string, condition: Condition, each: Each): readonly Sql[] =>
  condition.field === each.place && Object.hasOwn(OPERATORS, condition.op) && 'value' in condition
    ? [sql(`e.${at} ${OPERATORS[condition.op as keyof typeof OPERATORS]} ?`, placed(condition.value))]
    : [];

/**
 * Selects along the index of a list, where a query asks for a text in it and no other order than the index has; `undefined`
 * for any other query.
 */
export const selectByTexts = (
  table: Table,
  query: DocumentQuery,
  field: FieldNamed,
  selected: Selected,
): Sql | undefined => {
  const { each } = table;
  if (each === undefined) return undefined;
  const byText = query.where?.find(isByText(each));
  if (byText === undefined) return undefined;
  const from = `FROM ${quoted(each.table)} AS e CROSS JOIN ${quoted(table.name)} AS d ON d.key = e.key`;
  const columns = eachColumns(each);
  const [text, at] = [quoted(columns.text), quoted(columns.at)];
  const others = (query.where ?? []).filter((condition) => condition !== byText);
  const rest = others.flatMap((condition) => [
    meets(field(condition.field), condition),
    ...bound(at, condition, each),
  ]);
  if (query.anyOrder === true) {
    const where = all([textIs(text, byText), ...rest]);
    const limit = BigInt(query.limit);
    return sql(
      `SELECT DISTINCT d.key, d.position, d.doc ${from} WHERE ${where.text} LIMIT ?`,
      ...where.values,
      limit,
    );
  }
  const [order] = query.orderBy ?? [];
  if (byText.op !== 'has' || query.orderBy?.length !== 1 || order?.field !== each.place) return undefined;
  if (byText.values.length === 0 || byText.values.length > MOST) return undefined;
  const { direction } = order;
  const terms: readonly Term[] = [
    { value: 'place', direction, place: placed(query.after?.values[0] ?? null), always: true },
    { value: 'key', direction, place: query.after?.key ?? null, always: true },
  ];
  const inIndex = terms.map((term, n) => ({ ...term, value: n === 0 ? `e.${at}` : 'e.key' }));
  const places = query.after === undefined ? [[]] : behind(inIndex);
  const result = selected === 'documents' ? 'd.position AS position, d.doc AS doc' : 'd.rowid AS id';
  const selects = byText.values.flatMap((value, n) =>
    places.map((place) => {
      const earlier = byText.values.slice(0, n);
      const where = all([sql(`e.${text} = ?`, value), ...withoutEarlier(each, earlier), ...place, ...rest]);
      return sql(
        `SELECT e.key AS key, ${result}, e.${at} AS place ${from} WHERE ${where.text}`,
        ...where.values,
      );
    }),
  );
  return inOrder(selects, terms, query.limit);
};

/** More texts than this are looked for in each document. */
const MOST = 12;

const textIs = (text: string, condition: ByText): Sql =>
  condition.op === 'hasWithin'
    ? sql(`e.${text} >= ? AND e.${text} < ?`, condition.from, condition.before)
    : any(condition.values.map((value) => sql(`e.${text} = ?`, value)));

/** A document that has several of the texts is found by the first of them. */
const withoutEarlier = (each: Each, earlier: readonly string[]): readonly Sql[] => {
  if (earlier.length === 0) return [];
  const { text, at } = eachColumns(each);
  const same = `o.${quoted(at)} = e.${quoted(at)} AND o.key = e.key`;
  const places = earlier.map(() => '?').join(', ');
  return [
    sql(
      `NOT EXISTS (SELECT 1 FROM ${quoted(each.table)} AS o WHERE o.${quoted(text)} IN (${places}) AND ${same})`,
      ...earlier,
    ),
  ];
};
