import type { Condition, DocumentQuery, Scalar } from '../../ports/read-models.ts';
import { behind, type Conjunction, type Term } from './read-models-behind.ts';
import { hasValueIn, withoutPassedBounds } from './read-models-bounds.ts';
import { equals, fieldOf, meets, type FieldNamed } from './read-models-conditions.ts';
import { quoted } from './read-models-names.ts';
import { inOrder, selectByTexts, type Selected } from './read-models-texts.ts';
import { all, any, sql, type Sql } from './read-models-sql.ts';
import type { Table } from './read-models-tables.ts';

/** More parts than this cost more to merge than to sort. */
const PARTS = 24;

const termsOf = (query: DocumentQuery, field: FieldNamed): readonly Term[] => {
  const { orderBy = [], after } = query;
  return [
    ...orderBy.map(({ field: name, direction }, index) => ({
      value: field(name).value,
      direction,
      place: after?.values[index] ?? null,
      always: hasValueIn(query, name),
    })),
    {
      value: 'key',
      direction: orderBy.at(-1)?.direction ?? 'asc',
      place: after?.key ?? null,
      always: true,
    },
  ];
};

const valuesOf = (condition: Condition, field: FieldNamed): readonly Scalar[] =>
  condition.op === 'in' && field(condition.field).hasColumn ? [...new Set(condition.values)] : [];

/** The first "one of these" as one part for each: in the query's order where an index begins with the field. */
const splitWhere = (where: readonly Condition[], most: number, field: FieldNamed): readonly Conjunction[] => {
  const split = where.find((condition) => {
    const { length } = valuesOf(condition, field);
    return length > 0 && length <= most;
  });
  const rest = where
    .filter((condition) => condition !== split)
    .map((condition) => meets(field(condition.field), condition));
  if (split === undefined) return [rest];
  return valuesOf(split, field).map((value) => [equals(field(split.field), value), ...rest]);
};

/** What the query is about, in parts that have nothing in common, each of which an index may hold in its order. */
const partsOf = (query: DocumentQuery, terms: readonly Term[], field: FieldNamed): readonly Conjunction[] => {
  const { where = [], orderBy = [], after } = query;
  const places = after === undefined ? [[]] : behind(terms);
  // Without an index each part would be a search through everything, and a sort.
  if (orderBy.length === 0 || !orderBy.every((order) => field(order.field).hasColumn)) {
    const [conditions = []] = splitWhere(where, 0, field);
    return [after === undefined ? conditions : [...conditions, any(places.map(all))]];
  }
  return splitWhere(where, PARTS / places.length, field).flatMap((part) =>
    places.map((place) => [...part, ...place]),
  );
};

/**
 * Selects key, position and doc of the documents of a table that a query is about, in its order; or `id`, the numbers of
 * their rows, for which an index alone may do.
 */
export const selectOf = (table: Table, asked: DocumentQuery, selected: Selected = 'documents'): Sql => {
  const query = withoutPassedBounds(asked);
  const field: FieldNamed = (name) => fieldOf(table, name);
  const each = selectByTexts(table, query, field, selected);
  if (each !== undefined) return each;
  if (query.anyOrder === true) return selectAny(table, query, field);
  const terms = termsOf(query, field);
  const parts = partsOf(query, terms, field);
  const ordered = parts.length === 1 ? [] : terms.slice(0, -1).map(({ value }) => value);
  const columns = selected === 'documents' ? ['key', 'position', 'doc'] : ['key', 'rowid AS id'];
  const result = [...columns, ...new Set(ordered)].join(', ');
  const selects = parts.map((part) => {
    const where = part.length === 0 ? sql('') : all(part);
    return sql(
      `SELECT ${result} FROM ${quoted(table.name)}${part.length === 0 ? '' : ` WHERE ${where.text}`}`,
      ...where.values,
    );
  });
  return inOrder(selects, terms, query.limit);
};

const selectAny = (table: Table, { where = [], limit }: DocumentQuery, field: FieldNamed): Sql => {
  const conditions = where.map((condition) => meets(field(condition.field), condition));
  const { text, values } = conditions.length === 0 ? sql('TRUE') : all(conditions);
  return sql(
    `SELECT key, position, doc FROM ${quoted(table.name)} WHERE ${text} LIMIT ?`,
    ...values,
    BigInt(limit),
  );
};
