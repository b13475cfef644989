import type { Json, JsonObject } from '../../json.ts';
import { asList, asObject, asText, field } from '../build/fields.ts';
import { firstList, nestedLists } from '../build/nested.ts';
import type { Path } from '../report.ts';

/** Where a step stands among the others. */
export interface StepSpot {
  /** The list that it is in: empty for the definition's own, else the block and its branch, as in `both[left]`. */
  readonly list: string;
  /** Which of the list it is, from 0. */
  readonly index: number;
}

/** A step of a definition as it is written. */
export interface StepEntry extends StepSpot {
  readonly name: string;
  /** Without the steps in it, which are entries of their own. */
  readonly form: JsonObject;
}

/** Every step of a stored definition, at any depth, in the order in which they are written. */
export const stepEntries = (execution: JsonObject): readonly StepEntry[] => {
  const { steps, namedBy } = firstList(execution, []);
  return entriesIn(steps, '', namedBy);
};

const entriesIn = (
  steps: readonly Json[],
  list: string,
  namedBy: 'name' | 'activity',
): readonly StepEntry[] =>
  steps.flatMap((step, index) => {
    const name = asText(field(step, namedBy)) ?? '';
    const inner = nestedLists(step, []);
    const form = inner.reduce<Json>((without, { path }) => emptied(without, path), step);
    return [
      { name, list, index, form: asObject(form) ?? {} },
      ...inner.flatMap(({ key, steps: nested }) => entriesIn(nested, `${name}[${key}]`, 'name')),
    ];
  });

/** A value with an empty list at a path. */
const emptied = (value: Json, [key, ...rest]: Path): Json => {
  if (key === undefined) return [];
  const list = asList(value);
  if (list !== undefined) return list.map((item, n) => (n === key ? emptied(item, rest) : item));
  const object = asObject(value) ?? {};
  return { ...object, [key]: emptied(object[key] ?? null, rest) };
};
