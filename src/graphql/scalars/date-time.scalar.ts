import { GraphQLScalarType, Kind, print, type GraphQLError, type ValueNode } from 'graphql';
import { refused } from './refused.ts';
import { utcText } from './utc-text.ts';

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

const wrong = (found: string, node?: ValueNode): GraphQLError =>
  refused('a time of RFC 3339 with its offset', found, { example: '"2025-01-31T08:00:00Z"', node });

const timeOf = (text: string, node?: ValueNode): number => {
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  const time = Date.parse(text);
  // Date.parse takes the 30th of February for the 1st of March.
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (day === undefined || Number.isNaN(time) || Number(day) > days) throw wrong(JSON.stringify(text), node);
  return time;
};

/** A point in time: milliseconds since the Unix epoch inside, RFC 3339 in UTC outside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'A point in time as RFC 3339 with its offset, to the millisecond. Answers are in UTC: "2025-01-31T08:00:00.000Z".',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => {
    if (typeof value === 'number' && Math.abs(value) <= 8.64e15) return utcText(value);
    throw new TypeError(`Expected milliseconds to serialize as DateTime, but found ${typeof value}.`);
  },
  parseValue: (value) => {
    if (typeof value === 'string') return timeOf(value);
    throw wrong(JSON.stringify(value));
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return timeOf(node.value, node);
    throw wrong(print(node), node);
  },
});
