import { GraphQLScalarType, Kind, print, type GraphQLError, type ValueNode } from 'graphql';
import { parseDuration } from '../../domain/duration.ts';
import { refused } from './refused.ts';

/** The most milliseconds that a date can be away from another. */
const LONGEST = 1.728e16;

const wrong = (found: string, node?: ValueNode): GraphQLError =>
  refused('a duration: milliseconds, 0 or more, or text', found, { example: '"15m" or "P1D"', node });

const fromNumber = (ms: number, found: string, node?: ValueNode): number => {
  if (!(ms >= 0 && ms <= LONGEST)) throw wrong(found, node);
  return ms;
};

const fromText = (text: string, node?: ValueNode): number => {
  const ms = parseDuration(text);
  if (ms === undefined) throw wrong(JSON.stringify(text), node);
  return ms;
};

/** A length of time: milliseconds inside and outside; inputs may also be written as in definitions. */
export const Duration = new GraphQLScalarType<number, number>({
  name: 'Duration',
  description:
    'A length of time. Answers are numbers: milliseconds, with fractions where they are means. Inputs are milliseconds, too, or text as in definitions: "500ms", "15m", "1h", "P1DT12H".',
  serialize: (value) => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new TypeError(`Expected milliseconds to serialize as Duration, but found ${String(value)}.`);
  },
  parseValue: (value) => {
    if (typeof value === 'number') return fromNumber(value, String(value));
    if (typeof value === 'string') return fromText(value);
    throw wrong(JSON.stringify(value));
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.INT || node.kind === Kind.FLOAT)
      return fromNumber(Number(node.value), node.value, node);
    if (node.kind === Kind.STRING) return fromText(node.value, node);
    throw wrong(print(node), node);
  },
});
