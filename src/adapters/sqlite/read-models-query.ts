import type { Condition, DocumentQuery, OrderBy, Scalar } from '../../ports/read-models.ts';
import { columnOf, quoted } from './read-models-names.ts';

/** A piece of SQL and the values of its parameters, in their order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly (Scalar | bigint)[];
}

/** The name of the SQL function that reads a field out of a document that has no column of it. */
export const FIELD_FUNCTION = 'field_of';

const sql = (text: string, ...values: readonly Scalar[]): Sql => ({ text, values });
const NOTHING = sql('FALSE');

const joined = (parts: readonly Sql[], separator: string): Sql => ({
  text: parts.map(({ text }) => text).join(separator),
  values: parts.flatMap(({ values }) => values),
});

const all = (parts: readonly Sql[]): Sql => joined(parts, ' AND ');
const any = (parts: readonly Sql[]): Sql => {
  const { text, values } = joined(parts, ' OR ');
  return { text: `(${text})`, values };
};

// IS uses an index as = does, and takes null for equal to null.
const equals = (field: string, value: Scalar): Sql =>
  value === null ? sql(`${field} IS NULL`) : sql(`${field} = ?`, value);

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

// A comparison with null is true of no row in SQLite, and so it is in the port.
const compared = (field: string, op: keyof typeof OPERATORS, value: Scalar): Sql => {
  if (value !== null) return sql(`${field} ${OPERATORS[op]} ?`, value);
  return op === 'gte' || op === 'lte' ? equals(field, null) : NOTHING;
};

const oneOf = (field: string, values: readonly Scalar[]): Sql => {
  const given = values.filter((value) => value !== null);
  const parts: Sql[] = [];
  if (given.length > 0) parts.push(sql(`${field} IN (${given.map(() => '?').join(', ')})`, ...given));
  if (given.length < values.length) parts.push(equals(field, null));
  return parts.length === 0 ? NOTHING : any(parts);
};

const meets = (field: string, condition: Condition): Sql => {
  switch (condition.op) {
    case 'in':
      return oneOf(field, condition.values);
    case 'eq':
      return equals(field, condition.value);
    default:
      return compared(field, condition.op, condition.value);
  }
};

/** One term of the order: an expression, its direction, and its value at the place to go on from. */
interface Term {
  readonly field: string;
  readonly direction: OrderBy['direction'];
  readonly value: Scalar;
}

// Null is below everything in the order, though it is not less than anything in a condition.
const strictlyBehind = ({ field, direction, value }: Term): Sql => {
  if (direction === 'asc') return value === null ? sql(`${field} IS NOT NULL`) : sql(`${field} > ?`, value);
  return value === null ? NOTHING : any([sql(`${field} < ?`, value), sql(`${field} IS NULL`)]);
};

/** What is behind a place: further by the first term, or equal by it and further by the next, and so on. */
const behind = (terms: readonly Term[]): Sql =>
  any(
    terms.map((term, index) =>
      all([...terms.slice(0, index).map(({ field, value }) => equals(field, value)), strictlyBehind(term)]),
    ),
  );

// Says once more what follows from `behind`, in the form for which an index is entered at the place.
const notBefore = ({ field, direction, value }: Term): readonly Sql[] => {
  if (value === null) return direction === 'asc' ? [] : [equals(field, null)];
  return direction === 'asc' ? [sql(`${field} >= ?`, value)] : [];
};

/** Selects key, position and doc of the documents of a table that a query is about, in its order. */
export const selectOf = (table: string, columns: ReadonlySet<string>, query: DocumentQuery): Sql => {
  const { where = [], orderBy = [], after, limit } = query;
  const expressionOf = (field: string): string =>
    columns.has(columnOf(field)) ? quoted(columnOf(field)) : `${FIELD_FUNCTION}(doc, '${field}')`;
  const last = orderBy.at(-1)?.direction ?? 'asc';
  const terms: readonly Term[] = [
    ...orderBy.map(({ field, direction }, index) => ({
      field: expressionOf(field),
      direction,
      value: after?.values[index] ?? null,
    })),
    { field: 'key', direction: last, value: after?.key ?? null },
  ];
  const conditions = where.map((condition) => meets(expressionOf(condition.field), condition));
  const [first] = terms;
  if (after !== undefined && first !== undefined) conditions.push(...notBefore(first), behind(terms));
  const filter = all(conditions);
  const order = terms.map(({ field, direction }) => `${field} ${direction.toUpperCase()}`).join(', ');
  return {
    text: `SELECT key, position, doc FROM ${quoted(table)}${
      conditions.length === 0 ? '' : ` WHERE ${filter.text}`
    } ORDER BY ${order} LIMIT ?`,
    values: [...filter.values, BigInt(limit)],
  };
};
