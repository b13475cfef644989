import type { Scalar } from '../../ports/read-models.ts';

/** A piece of SQL and the values of its parameters, in their order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly (Scalar | bigint)[];
}

/** A piece of SQL. */
export const sql = (text: string, ...values: readonly (Scalar | bigint)[]): Sql => ({ text, values });

/** What no row meets. */
export const NOTHING = sql('FALSE');

/** Pieces one after the other. */
export const joined = (parts: readonly Sql[], separator: string): Sql => ({
  text: parts.map(({ text }) => text).join(separator),
  values: parts.flatMap(({ values }) => values),
});

/** Whatever all of some conditions, one at least, let through. */
export const all = (parts: readonly Sql[]): Sql => joined(parts, ' AND ');

/** Whatever any of some conditions lets through. */
export const any = (parts: readonly Sql[]): Sql => {
  const [only] = parts;
  if (only === undefined) return NOTHING;
  if (parts.length === 1) return only;
  const { text, values } = joined(
    parts.map((part) => sql(`(${part.text})`, ...part.values)),
    ' OR ',
  );
  return sql(`(${text})`, ...values);
};
