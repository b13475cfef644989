import { GraphQLError, GraphQLScalarType, Kind, print } from 'graphql';

const GREATEST = 2n ** 64n - 1n;

const refused = (found: unknown): GraphQLError =>
  new GraphQLError(`Expected a position as decimal string, like "42", but found ${String(found)}.`, {
    extensions: { code: 'BAD_USER_INPUT', found: String(found), expected: 'a position as decimal string' },
  });

const positionOf = (text: string): bigint => {
  if (!/^(0|[1-9]\d{0,19})$/.test(text)) throw refused(JSON.stringify(text));
  const position = BigInt(text);
  if (position > GREATEST) throw refused(JSON.stringify(text));
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
    throw refused(JSON.stringify(value));
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return positionOf(node.value);
    throw refused(print(node));
  },
});
