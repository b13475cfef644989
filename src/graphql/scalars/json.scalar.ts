import { GraphQLScalarType, Kind, print, type ValueNode } from 'graphql';
import type { Json } from '../../domain/json.ts';
import { refused } from './refused.ts';

const DEEPEST = 64;

const LARGE = 'an integer between -(2^53-1) and 2^53-1, or a larger one as a string';

const checkNumber = (value: number, found: string, node?: ValueNode): number => {
  if (!Number.isFinite(value)) throw refused('a number that JSON can hold', found, { node });
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw refused(LARGE, found, { node });
  return value;
};

const checkDepth = (depth: number, node?: ValueNode): void => {
  if (depth > DEEPEST) throw refused(`JSON nested at most ${DEEPEST} deep`, 'more', { node });
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
  checkDepth(depth, node);
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return checkNumber(Number(node.value), node.value, node);
    case Kind.LIST:
      return node.values.map((item) => literal(item, variables, depth + 1));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name.value, literal(value, variables, depth + 1)]),
      );
    case Kind.VARIABLE:
      return checked(variables?.[node.name.value] ?? null, depth);
    default:
      throw refused('a JSON value', print(node), { node });
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
