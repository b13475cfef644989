import {
  CelScalar,
  celEnv,
  celFunc,
  celMethod,
  isCelError,
  listType,
  type CelFunc,
  type CelList,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { charge } from './budget.ts';

const { BOOL, DYN, STRING } = CelScalar;
const LIST = listType(DYN);

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

const sized = (length: number): void => {
  if (length > MAX_TEXT) throw new RangeError(`the text is longer than ${MAX_TEXT} characters`);
};

const joined = (list: CelList, separator: string): string => {
  const parts: string[] = [];
  let length = 0;
  for (const item of list) {
    if (typeof item !== 'string') throw new TypeError('join() takes a list of strings');
    length += item.length + separator.length;
    sized(length - separator.length);
    parts.push(item);
  }
  charge(parts.length / 16);
  return parts.join(separator);
};

const standardMatches = celEnv().funcs.find('matches');

/** Functions of texts, each with a bound on what it makes. */
export const TEXTS: readonly CelFunc[] = [
  ...[...strings].filter(({ name }) => BOUNDED.includes(name)),
  celFunc('_+_', [STRING, STRING], STRING, (left, right) => {
    sized(left.length + right.length);
    return left + right;
  }),
  celMethod('replace', STRING, [STRING, STRING], STRING, function (old, replacement) {
    const parts = this.split(old);
    sized(this.length + (parts.length - 1) * (replacement.length - old.length));
    charge(parts.length / 16);
    return parts.join(replacement);
  }),
  celMethod('join', LIST, [], STRING, function () {
    return joined(this, '');
  }),
  celMethod('join', LIST, [STRING], STRING, function (separator) {
    return joined(this, separator);
  }),
  // The library's regular expressions take time linear in the text.
  celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
    charge((this.length * Math.max(1, pattern.length / 16)) / CHARACTERS);
    const result = standardMatches?.call(0, this, [pattern]);
    if (isCelError(result)) throw result;
    return result === true;
  }),
];
