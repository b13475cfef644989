import type { Random } from '../simulation/random.ts';

/** Text that stands in a body as it is, though no value is written so: see `jsonOf`. */
const raw = (text: string): string => `\u0001${text}\u0001`;

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
};

/** Values that nobody asked for. */
const GROUPS: readonly (readonly unknown[])[] = [
  [null, true, false, 0, -1, 1.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, -(2 ** 53)],
  ['1e999', '-1e999', '-0', '123456789012345678901234567890', '1e-400'].map(raw),
  ['', ' ', '\n', 'NaN', 'Infinity', 'undefined', 'null', '-0', '0x10', '١٢٣', '1_000'],
  ['\u0000', '\ud800', 'a\u202eb', '🧨', 'Ω'.repeat(300), 'x'.repeat(10_000), '9'.repeat(400)],
  ['../../etc/passwd', "' OR 1=1 --", '"', '\\', '`', '{{7*7}}', '$where', '%00', '*', '(?:a+)+$'],
  ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a.b', 'a b', '-', 'execution-'],
  ['2026-02-30T00:00:00Z', '+275760-09-13T00:00:00.001Z', '2026-01-01T00:00:00+99:99', '0000-00-00'],
  ['1s', '-1s', 'P1000000000000D', '99999999999999h', 'PT', 'P', '0s', 'Mars/Olympus', 'Etc/GMT+99'],
  ['[]', '{}', 'a: &a [*a]', 'a: !!js/function "x"', '<<: 1', '- - - -', 'execution: {}'],
  [[], {}, [null], [[]], [{}], { '': '' }, { constructor: { prototype: { a: 1 } } }],
];

const HOSTILE = GROUPS.flat();

const LARGE: readonly (() => unknown)[] = [
  () => 'x'.repeat(600_000),
  () => nested(80, (inner) => [inner]),
  () => nested(80, (inner) => ({ a: inner })),
  () => nested(1_000, (inner) => [inner]),
  () => Array.from({ length: 20_000 }, (_, index) => index),
  () => Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, index])),
  () => JSON.parse('{"__proto__":{"admin":true},"a":{"__proto__":null}}') as unknown,
];

/** A value that nobody asked for; seldom one that is large. */
export const hostile = (random: Random): unknown =>
  random.chance(0.04) ? random.pick(LARGE)() : random.pick(HOSTILE);

/** A value as the text of a body, with numbers in it that JSON has and JavaScript has not. */
export const jsonOf = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replaceAll(/"\\u0001([^"\\]*)\\u0001"/g, '$1');
