import { GraphQLError, GraphQLScalarType, Kind, print } from 'graphql';

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

const refused = (found: string): GraphQLError =>
  new GraphQLError(
    `Expected a time of RFC 3339 with its offset, like "2025-01-31T08:00:00Z", but found ${found}.`,
    { extensions: { code: 'BAD_USER_INPUT', found, expected: 'a time of RFC 3339 with its offset' } },
  );

const timeOf = (text: string): number => {
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  const time = Date.parse(text);
  if (day === undefined || Number.isNaN(time)) throw refused(JSON.stringify(text));
  // Date.parse takes the 30th of February for the 1st of March.
  if (Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) {
    throw refused(JSON.stringify(text));
  }
  return time;
};

/** A point in time: milliseconds since the Unix epoch inside, RFC 3339 in UTC outside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'A point in time as RFC 3339 with its offset, to the millisecond. Answers are in UTC: "2025-01-31T08:00:00.000Z".',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => {
    if (typeof value === 'number' && Math.abs(value) <= 8.64e15) return new Date(value).toISOString();
    throw new TypeError(`Expected milliseconds to serialize as DateTime, but found ${typeof value}.`);
  },
  parseValue: (value) => {
    if (typeof value === 'string') return timeOf(value);
    throw refused(JSON.stringify(value));
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return timeOf(node.value);
    throw refused(print(node));
  },
});
