import type { Condition, Scalar } from '../../ports/read-models.ts';
import { TEXTS } from './read-models-each.ts';
import { columnOf, quoted } from './read-models-names.ts';
import { all, any, NOTHING, sql, type Sql } from './read-models-sql.ts';
import type { Table } from './read-models-tables.ts';

/** The name of the SQL function that reads a field out of a document that has no column of it. */
export const FIELD_FUNCTION = 'field_of';

/** The names of the SQL functions that tell whether a list in a document has one of some texts, or one of a span. */
export const HAS_FUNCTION = 'list_has';
export const HAS_WITHIN_FUNCTION = 'list_has_within';

/** Of the same functions those that look into the texts of an indexed list, which a row has by themselves. */
export const TEXTS_HAVE_FUNCTION = 'texts_have';
export const TEXTS_HAVE_WITHIN_FUNCTION = 'texts_have_within';

/** A field of documents as a query sees it. */
export interface Field {
  readonly name: string;
  /** SQL of what it is filtered and sorted by. */
  readonly value: string;
  readonly hasColumn: boolean;
  /** Whether it is the list whose texts a row has by themselves. */
  readonly hasTexts: boolean;
}

/** The field of a name. */
export type FieldNamed = (name: string) => Field;

/** A field, by whatever a table has of it. */
export const fieldOf = ({ columns, each }: Pick<Table, 'columns' | 'each'>, name: string): Field => {
  const column = columnOf(name);
  const hasTexts = each?.field === name;
  return columns.has(column)
    ? { name, value: quoted(column), hasColumn: true, hasTexts }
    : { name, value: `${FIELD_FUNCTION}(doc, '${name}')`, hasColumn: false, hasTexts };
};

/** Null is equal to null. */
export const equals = ({ value: field }: Pick<Field, 'value'>, value: Scalar): Sql =>
  value === null ? sql(`${field} IS NULL`) : sql(`${field} = ?`, value);

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

// A comparison with null is true of no row in SQLite, and so it is in the port.
const compared = (field: Field, op: keyof typeof OPERATORS, value: Scalar): Sql => {
  if (value !== null) return sql(`${field.value} ${OPERATORS[op]} ?`, value);
  return op === 'gte' || op === 'lte' ? equals(field, null) : NOTHING;
};

const oneOf = (field: Field, values: readonly Scalar[]): Sql => {
  const given = values.filter((value) => value !== null);
  const list = sql(`${field.value} IN (${given.map(() => '?').join(', ')})`, ...given);
  const parts = given.length > 0 ? [list] : [];
  return any(given.length < values.length ? [...parts, equals(field, null)] : parts);
};

/** More values to look for than this take longer than parsing. */
const VALUES = 8;

// What a document with such a field must contain as it was written: to look for it is cheaper than to parse
// the document. A null may also be absent.
const mayBe = ({ name, hasColumn }: Field, values: readonly Scalar[]): readonly Sql[] =>
  hasColumn || values.length > VALUES || values.includes(null)
    ? []
    : [any(values.map((value) => sql('instr(doc, ?) > 0', `"${name}":${JSON.stringify(value)}`)))];

/** A condition on a field. */
export const meets = (field: Field, condition: Condition): Sql => {
  switch (condition.op) {
    case 'in':
      return all([...mayBe(field, condition.values), oneOf(field, condition.values)]);
    case 'has':
      return sql(
        field.hasTexts ? `${TEXTS_HAVE_FUNCTION}(${TEXTS}, ?)` : `${HAS_FUNCTION}(doc, '${field.name}', ?)`,
        JSON.stringify(condition.values),
      );
    case 'hasWithin':
      return sql(
        field.hasTexts
          ? `${TEXTS_HAVE_WITHIN_FUNCTION}(${TEXTS}, ?, ?)`
          : `${HAS_WITHIN_FUNCTION}(doc, '${field.name}', ?, ?)`,
        condition.from,
        condition.before,
      );
    case 'eq':
      return all([...mayBe(field, [condition.value]), equals(field, condition.value)]);
    default:
      return compared(field, condition.op, condition.value);
  }
};
