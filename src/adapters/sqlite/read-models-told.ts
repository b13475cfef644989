import type { JsonObject } from '../../domain/json.ts';
import type { Scalar } from '../../ports/read-models.ts';
import { TEXTS, textsOf } from './read-models-each.ts';
import { fieldNamed } from './read-models-names.ts';
import type { Table } from './read-models-tables.ts';
import { sortValueIn } from './read-models-values.ts';

/** What a row tells beside its document, which is what it is found by. */
export interface Told {
  /** The columns, unquoted; that of the texts in a list is the last. */
  readonly told: readonly string[];
  /** What stands in them, in their order, when the document is written. */
  valuesOf(doc: JsonObject): Scalar[];
}

/** What the rows of a table tell. */
export const toldOf = ({ columns, each }: Pick<Table, 'columns' | 'each'>): Told => {
  const fields = [...columns].map(fieldNamed);
  return {
    told: [...columns, ...(each === undefined ? [] : [TEXTS])],
    valuesOf: (doc) => {
      const values: Scalar[] = [];
      for (const field of fields) values.push(sortValueIn(doc, field));
      if (each !== undefined) values.push(textsOf(doc, each));
      return values;
    },
  };
};
