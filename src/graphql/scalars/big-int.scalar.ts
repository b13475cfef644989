import { GraphQLScalarType, Kind, print, type GraphQLError, type ValueNode } from 'graphql';
import { refused } from './refused.ts';

const WRITTEN = /^(0|-?[1-9]\d{0,38})$/;

const wrong = (found: string, node?: ValueNode): GraphQLError =>
  refused('a whole number as decimal string', found, { example: '"42"', node });

const numberOf = (text: string, node?: ValueNode): bigint => {
  if (!WRITTEN.test(text)) throw wrong(JSON.stringify(text), node);
  return BigInt(text);
};

/** A whole number of any size: a `bigint` or a safe integer inside, decimal text outside. */
export const BigIntText = new GraphQLScalarType<bigint, string>({
  name: 'BigInt',
  description:
    'A whole number that can be greater than an Int: a decimal string such as "42", because JSON readers round great numbers.',
  serialize: (value) => {
    if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
    throw new TypeError(`Expected a whole number to serialize as BigInt, but found ${String(value)}.`);
  },
  parseValue: (value) => {
    if (typeof value === 'string') return numberOf(value);
    throw wrong(JSON.stringify(value));
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return numberOf(node.value, node);
    throw wrong(print(node), node);
  },
});
