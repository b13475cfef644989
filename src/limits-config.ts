import { parseDuration } from './domain/duration.ts';
import { parseSize } from './domain/size.ts';
import { LIMITS, type GraphqlLimits } from './graphql/driver/limits.ts';

/** What a limit may be, as a person would write it. */
interface Range {
  readonly parse: (text: string) => number | undefined;
  readonly what: string;
  readonly min: string;
  readonly max: string;
}

const parseWhole = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

const whole = (min: number, max: number): Range => ({
  parse: parseWhole,
  what: 'a whole number',
  min: String(min),
  max: String(max),
});
const size = (min: string, max: string): Range => ({ parse: parseSize, what: 'a size', min, max });
const duration = (min: string, max: string): Range => ({
  parse: parseDuration,
  what: 'a duration',
  min,
  max,
});

const RANGES: Readonly<Record<keyof GraphqlLimits, Range>> = {
  depth: whole(1, 100),
  cost: whole(1, 10_000_000),
  introspection: whole(0, 100_000),
  aliases: whole(0, 10_000),
  tokens: whole(10, 100_000),
  document: size('100', '4Mi'),
  batch: whole(1, 100),
  query: duration('10ms', '1h'),
  message: size('1Ki', '64Mi'),
  connections: whole(1, 1_000_000),
  perAddress: whole(1, 1_000_000),
  operations: whole(1, 10_000),
  idle: duration('1s', '24d'),
  buffered: size('64Ki', '256Mi'),
  heartbeat: duration('1s', '1h'),
  farewell: duration('0s', '1m'),
  owed: duration('0s', '5m'),
};

const isLimit = (name: string): name is keyof GraphqlLimits => Object.hasOwn(RANGES, name);

const valueIn = ({ parse, min, max }: Range, text: string): number | undefined => {
  const value = parse(text) ?? Number.NaN;
  return value >= (parse(min) ?? 0) && value <= (parse(max) ?? 0) ? value : undefined;
};

const pairsOf = (text: string): readonly (readonly [name: string, value: string])[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name.trim(), value.join('=').trim()];
    });

/** The limits that a text such as `depth=8, idle=5m` asks for, all others as they are; calls `refuse` for each that is wrong. */
export const readLimits = (text: string | undefined, refuse: (problem: string) => void): GraphqlLimits => {
  const found: Partial<Record<keyof GraphqlLimits, number>> = {};
  for (const [name, written] of pairsOf(text ?? '')) {
    if (!isLimit(name)) {
      refuse(`expected one of ${Object.keys(RANGES).join(', ')}, but found ${JSON.stringify(name)}.`);
      continue;
    }
    const range = RANGES[name];
    const value = valueIn(range, written);
    if (value === undefined)
      refuse(
        `expected ${name}=${range.what} from ${range.min} to ${range.max}, but found ${JSON.stringify(written)}.`,
      );
    else found[name] = value;
  }
  return Object.freeze({ ...LIMITS, ...found });
};
