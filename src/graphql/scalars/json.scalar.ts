import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import type { Json } from '../../domain/json.ts';

const DEEPEST = 64;

const refused = (expected: string, found: string): GraphQLError =>
  new GraphQLError(`Expected ${expected}, but found ${found}.`, {
    extensions: { code: 'BAD_USER_INPUT', found, expected },
  });

const checkNumber = (value: number, found: string): number => {
  if (!Number.isFinite(value)) throw refused('a number that JSON can hold', found);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw refused('an integer between -(2^53-1) and 2^53-1, or a larger one as a string', found);
  }
  return value;
};

const checkDepth = (depth: number): void => {
  if (depth > DEEPEST) throw refused(`JSON nested at most ${DEEPEST} deep`, 'more');
};

/** The value itself, once all of it is found to be JSON that keeps its digits. */
const checked = (value: unknown, depth = 0): Json => {
  checkDepth(depth);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return checkNumber(value, String(value));
  if (typeof value !== 'object') throw refused('a JSON value', typeof value);
  for (const part of Object.values(value)) checked(part, depth + 1);
  return value as Json;
};

const literal = (
  node: ValueNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
  depth = 0,
): Json => {
  checkDepth(depth);
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return checkNumber(Number(node.value), node.value);
    case Kind.LIST:
      return node.values.map((item) => literal(item, variables, depth + 1));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name.value, literal(value, variables, depth + 1)]),
      );
    case Kind.VARIABLE:
      return checked(variables?.[node.name.value] ?? null, depth);
    case Kind.ENUM:
      throw refused('a JSON value', node.value);
    default:
      throw refused('a JSON value', 'something else');
  }
};

/** Any JSON value. What would lose digits on the way is refused, not rounded. */
export const JsonValue = new GraphQLScalarType<Json, Json>({
  name: 'JSON',
  description:
    'Any JSON value, nested at most 64 deep. An integer beyond ±(2^53-1) is refused, because JSON readers round it: send it as a string.',
  serialize: (value) => value as Json,
  parseValue: (value) => checked(value),
  parseLiteral: (node, variables) => literal(node, variables),
});
