import { GraphQLScalarType, Kind, print, type GraphQLError, type ValueNode } from 'graphql';
import { refused } from './refused.ts';

const GREATEST = 2n ** 64n - 1n;

const wrong = (found: string, node?: ValueNode): GraphQLError =>
  refused('a position as decimal string', found, { example: '"42"', node });

const positionOf = (text: string, node?: ValueNode): bigint => {
  const position = /^(0|[1-9]\d{0,19})$/.test(text) ? BigInt(text) : undefined;
  if (position === undefined || position > GREATEST) throw wrong(JSON.stringify(text), node);
  return position;
};

/** Where an event stands in the whole log: a `bigint` inside, a decimal string outside, never a number. */
export const Position = new GraphQLScalarType<bigint, string>({
  name: 'Position',
  description:
    'Where an event stands in the whole log: a decimal string such as "42". Positions are ordered; nothing else may be calculated with them.',
  serialize: (value) => {
    if (typeof value === 'bigint') return String(value);
    throw new TypeError(`Expected a bigint to serialize as Position, but found ${typeof value}.`);
  },
  parseValue: (value) => {
    if (typeof value === 'string') return positionOf(value);
    throw wrong(JSON.stringify(value));
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return positionOf(node.value, node);
    throw wrong(print(node), node);
  },
});
