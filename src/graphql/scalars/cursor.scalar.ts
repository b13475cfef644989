import { GraphQLScalarType, Kind, print, type GraphQLError, type ValueNode } from 'graphql';
import type { Cursor as CursorValue } from '../feed/cursor.ts';
import { refused } from './refused.ts';

const GREATEST = 2n ** 64n - 1n;
const WRITTEN = /^(0|[1-9]\d{0,19})(?:\.([1-9]\d{0,3}))?$/;

const wrong = (found: string, node?: ValueNode): GraphQLError =>
  refused('a cursor of a subscription as a string', found, { example: '"42" or "42.1"', node });

const cursorOf = (text: string, node?: ValueNode): CursorValue => {
  const [, position, seen] = WRITTEN.exec(text) ?? [];
  if (position === undefined || BigInt(position) > GREATEST) throw wrong(JSON.stringify(text), node);
  return { position: BigInt(position), seen: seen === undefined ? undefined : Number(seen) };
};

/** Where a client of a feed is: a position, and behind a dot how many values of its event have been seen if not all. */
export const Cursor = new GraphQLScalarType<CursorValue, string>({
  name: 'Cursor',
  description:
    'Where a client of a subscription is: the `cursor` of the last value that it has seen, to be given as `after`. A position is one, too.',
  serialize: (value) => {
    const { position, seen } = value as Partial<CursorValue>;
    if (typeof position === 'bigint') return seen === undefined ? `${position}` : `${position}.${seen}`;
    throw new TypeError(`Expected a position to serialize as Cursor, but found ${typeof value}.`);
  },
  parseValue: (value) => {
    if (typeof value === 'string') return cursorOf(value);
    throw wrong(JSON.stringify(value));
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return cursorOf(node.value, node);
    throw wrong(print(node), node);
  },
});
