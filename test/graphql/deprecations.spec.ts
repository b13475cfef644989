import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { expect, it } from 'vitest';
import { printApiSchema } from '../../src/graphql/print-schema.ts';

/** The day, and what takes its place. */
const FORM = /^(\d{4}-\d\d-\d\d): \S.+\.$/;

type Deprecated = readonly [coordinate: string, reason: string];

const partsOf = (type: GraphQLNamedType): readonly (readonly [string, string | null | undefined])[] => {
  if (isEnumType(type))
    return type.getValues().map(({ name, deprecationReason }) => [name, deprecationReason]);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map(({ name, deprecationReason }) => [name, deprecationReason]);
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, deprecationReason, args }) => [
    [name, deprecationReason] as const,
    ...args.map((arg) => [`${name}(${arg.name}:)`, arg.deprecationReason] as const),
  ]);
};

const deprecatedIn = (schema: GraphQLSchema): readonly Deprecated[] =>
  Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      partsOf(type).flatMap(([name, reason]): readonly Deprecated[] =>
        reason == null ? [] : [[`${type.name}.${name}`, reason]],
      ),
    );

const isDated = (reason: string): boolean => {
  const [, day = ''] = FORM.exec(reason) ?? [];
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
};

const undated = (schema: GraphQLSchema): readonly string[] =>
  deprecatedIn(schema)
    .filter(([, reason]) => !isDated(reason))
    .map(([coordinate]) => coordinate);

it('whatever is deprecated says since when, and what takes its place', async () => {
  expect(undated(buildSchema(await printApiSchema()))).toEqual([]);
});

it('a deprecation without its day is found wherever it stands', () => {
  const schema = buildSchema(`
    type Query {
      a: Int @deprecated
      b: Int @deprecated(reason: "2026-11-26: use c.")
      c(d: Int @deprecated(reason: "use e."), e: E): Int
      f: Int @deprecated(reason: "2026-13-26: use c.")
      g: Int @deprecated(reason: "2026-11-26")
      h: Int @deprecated(reason: "2026-02-30: use c.")
    }
    enum E { OLD @deprecated(reason: "Long ago: use NEW."), NEW }
    input I { old: Int @deprecated(reason: "never"), new: Int }
  `);
  expect(undated(schema)).toEqual([
    'Query.a',
    'Query.c(d:)',
    'Query.f',
    'Query.g',
    'Query.h',
    'E.OLD',
    'I.old',
  ]);
});
