import { Field, InputType } from '@nestjs/graphql';
import { ATTRIBUTE_PATTERN, LONGEST_TEXT, type SearchValue } from '../../domain/definition/search.ts';
import type { Json } from '../../domain/json.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { AttributeFilter } from '../../queries/executions/attributes.ts';
import { JsonValue } from '../scalars/json.scalar.ts';

/** What an attribute of executions is. */
@InputType('AttributeFilter', {
  description: 'What an attribute is that the definition of executions has under `search`.',
})
export class AttributeFilterInput {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => JsonValue, { nullable: true, description: 'It is this text, this number, true or false.' })
  readonly eq?: Json;

  @Field(() => [JsonValue], { nullable: true, description: 'It is one of these, 10 at most.' })
  readonly in?: readonly Json[] | null;

  @Field(() => JsonValue, { nullable: true, description: 'It is this number or text, or a later one.' })
  readonly from?: Json;

  @Field(() => JsonValue, { nullable: true, description: 'It comes before this number or text.' })
  readonly before?: Json;

  @Field(() => String, { nullable: true, description: 'It is a text that begins so.' })
  readonly prefix?: string | null;
}

const MOST_VALUES = 10;

const refused = (field: string, found: Json | undefined, expected: string): Rejection => {
  const shown = (JSON.stringify(found) ?? 'nothing').slice(0, 100);
  return new Rejection(
    'BAD_USER_INPUT',
    `Expected an input that can be used, but ${field}: expected ${expected}, but found ${shown}.`,
    { field, found: shown, expected },
  );
};

const SCALAR = `a text of at most ${LONGEST_TEXT} characters, a number, true or false`;

const scalar = (field: string, value: Json): SearchValue => {
  if (typeof value === 'string' && value.length <= LONGEST_TEXT) return value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  throw refused(field, value, SCALAR);
};

const scalars = (field: string, values: readonly Json[]): readonly SearchValue[] => {
  if (values.length === 0 || values.length > MOST_VALUES)
    throw refused(field, values, `a list of 1 to ${MOST_VALUES}`);
  return values.map((value, index) => scalar(`${field}[${index}]`, value));
};

const RANGED = `a text of at most ${LONGEST_TEXT} characters, or a number`;

const bound = (field: string, value: Json): SearchValue => {
  const found = scalar(field, value);
  if (typeof found === 'boolean') throw refused(field, value, RANGED);
  return found;
};

const rangeOf = (
  field: string,
  { from, before }: AttributeFilterInput,
): Pick<AttributeFilter, 'from' | 'before'> => {
  const lower = from == null ? undefined : bound(`${field}.from`, from);
  const upper = before == null ? undefined : bound(`${field}.before`, before);
  if (lower !== undefined && upper !== undefined && typeof lower !== typeof upper)
    throw refused(`${field}.before`, before, 'a value of the type of `from`');
  return { from: lower, before: upper };
};

const given = (input: AttributeFilterInput): Json =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value != null));

/** The filter in the terms of the query; `index` is its place in the list. Throws `Rejection` (`BAD_USER_INPUT`). */
export const attributeFilter = (input: AttributeFilterInput, index: number): AttributeFilter => {
  const field = `filter.search[${index}]`;
  const { name, eq, in: among, prefix } = input;
  if (!new RegExp(ATTRIBUTE_PATTERN).test(name))
    throw refused(`${field}.name`, name, 'the name of an attribute');
  const range = rangeOf(field, input);
  const values = [
    ...(eq == null ? [] : [[scalar(`${field}.eq`, eq)]]),
    ...(among == null ? [] : [scalars(`${field}.in`, among)]),
  ];
  const isRange = range.from !== undefined || range.before !== undefined;
  if (values.length + (isRange ? 1 : 0) + (prefix == null ? 0 : 1) !== 1)
    throw refused(
      field,
      given(input),
      'one of `eq`, `in`, `prefix`, and a range by `from`, `before` or both',
    );
  if (prefix != null && (prefix === '' || prefix.length > LONGEST_TEXT))
    throw refused(`${field}.prefix`, prefix, `text of 1 to ${LONGEST_TEXT} characters`);
  return { name, values: values[0], ...range, prefix: prefix ?? undefined };
};
