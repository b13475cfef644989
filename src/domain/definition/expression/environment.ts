import {
  CelScalar,
  celEnv,
  celFunc,
  celList,
  celMethod,
  isCelError,
  listType,
  mapType,
  type CelEnv,
  type CelFunc,
  type CelList,
  type CelValue,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { ARITHMETIC } from './arithmetic.ts';
import { charge } from './budget.ts';

const { BOOL, DYN, STRING } = CelScalar;
const LIST = listType(DYN);
const MAP = mapType(DYN, DYN);

const CHARACTERS = 256;
const MAX_TEXT = 1_048_576;

/** Functions of the extension whose results are bounded by their input. */
const BOUNDED = [
  'charAt',
  'indexOf',
  'lastIndexOf',
  'lowerAscii',
  'upperAscii',
  'split',
  'substring',
  'trim',
];

const sized = (text: string): string => {
  if (text.length > MAX_TEXT) throw new RangeError(`the text is longer than ${MAX_TEXT} characters`);
  charge(text.length / CHARACTERS);
  return text;
};

const charged = (text: string, sought: string): string => {
  charge((text.length + sought.length) / CHARACTERS);
  return sought;
};

const TEXTS: readonly CelFunc[] = [
  celFunc('_+_', [STRING, STRING], STRING, (left, right) => sized(left + right)),
  celMethod('contains', STRING, [STRING], BOOL, function (part) {
    return this.includes(charged(this, part));
  }),
  celMethod('replace', STRING, [STRING, STRING], STRING, function (old, replacement) {
    const parts = this.split(charged(this, old));
    const length = this.length + (parts.length - 1) * (replacement.length - old.length);
    if (length > MAX_TEXT) throw new RangeError(`the text is longer than ${MAX_TEXT} characters`);
    return sized(parts.join(replacement));
  }),
  celMethod('join', LIST, [], STRING, function () {
    return joined(this, '');
  }),
  celMethod('join', LIST, [STRING], STRING, function (separator) {
    return joined(this, separator);
  }),
];

const joined = (list: CelList, separator: string): string => {
  let text = '';
  let first = true;
  for (const item of list) {
    if (typeof item !== 'string') throw new TypeError('join() takes a list of strings');
    text = sized(first ? item : text + separator + item);
    first = false;
  }
  return text;
};

/** A key whose value is null is there all the same. */
const MEMBERSHIP: readonly CelFunc[] = [
  celFunc('@in', [STRING, MAP], BOOL, (key, map) => map.get(key) !== undefined),
];

const collected = new WeakMap<CelList, CelValue[]>();

/** What the macros' loops call: each turn counts, and a result grows in place. No author can write these names. */
const LOOPS: readonly CelFunc[] = [
  celFunc('@turn', [DYN], DYN, (goesOn) => {
    charge(1);
    return goesOn;
  }),
  celFunc('@list', [], LIST, () => {
    const items: CelValue[] = [];
    const list = celList(items);
    collected.set(list, items);
    return list;
  }),
  celFunc('@push', [LIST, DYN], LIST, (list, item) => {
    collected.get(list)?.push(item);
    return list;
  }),
];

const standardMatches = celEnv().funcs.find('matches');

/** The library's regular expressions take time linear in the text. */
const MATCHES = celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
  charge((this.length * Math.max(1, pattern.length / 16)) / CHARACTERS);
  const result = standardMatches?.call(0, this, [pattern]);
  if (isCelError(result)) throw result;
  return result === true;
});

/** The functions that an expression may call, and how its operators work on JSON. */
export const ENVIRONMENT: CelEnv = celEnv({
  funcs: [
    ...[...strings].filter(({ name }) => BOUNDED.includes(name)),
    ...ARITHMETIC,
    ...TEXTS,
    ...MEMBERSHIP,
    ...LOOPS,
    MATCHES,
  ],
});

/** Whether an author may call a function of this name. */
export const isFunction = (name: string): boolean =>
  ENVIRONMENT.funcs.find(name) !== undefined && /^[a-z]/i.test(name);

const MACROS = ['has', 'all', 'exists', 'exists_one', 'map', 'filter'];

/** Names of the functions and macros that an author may call. */
export const FUNCTIONS: readonly string[] = [
  ...new Set([...MACROS, ...Array.from(ENVIRONMENT.funcs, ({ name }) => name)]),
].filter((name) => /^[a-z]/i.test(name));

/** Names of CEL's types, which are values too: `type(x) == int`. */
export const TYPES: readonly string[] = [
  'int',
  'uint',
  'double',
  'bool',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
];
