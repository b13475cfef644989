import type { Scope } from '../definition.ts';
import type { Json } from '../../json.ts';
import { memberOf } from './member-path.ts';
import type { Uses } from './references.ts';
import { show } from './show.ts';

const NO_OVERLOAD = /^found no matching overload for '?(.+?)'? applied to '\(?(.*?)\)?'$/;

/** A failure in words: what the expression was to give, what is wrong, and the values that it read. */
export const explain = (text: string, reason: string, { references }: Uses, scope: Scope): string => {
  const read = new Set(
    references.map(({ names }) => `${names.join('.')} is ${found(names, scope)}`).slice(0, 6),
  );
  const values = read.size === 0 ? '' : ` (${[...read].join('; ')})`;
  return `Expected \`${text.trim()}\` to have a value, but ${inWords(reason)}${values}.`;
};

/** What the library says, and how we say it; `$1` and so on are what stood in brackets. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^index (.+) out of bounds.*$/, 'there is no item $1'],
  [/^field not found: (.*)$/s, 'there is no "$1"'],
  [/^Failed to parse duration: .*$/s, 'it is no duration such as "90s" or "1h30m"'],
];

const inWords = (reason: string): string => {
  const [, operator, types] = NO_OVERLOAD.exec(reason) ?? [];
  if (operator !== undefined && types !== undefined) {
    const name = operator.replace(/^@/, '').replaceAll('_', ' ').trim();
    const taken = types
      .replaceAll(/[()]/g, '')
      .replace('.', ', ')
      .replace(/^, |, $/g, '');
    return `"${name}" does not take ${taken === '' ? 'nothing' : taken}`;
  }
  const [pattern, words] = WORDS.find(([pattern]) => pattern.test(reason)) ?? [];
  return pattern === undefined || words === undefined ? reason : reason.replace(pattern, words);
};

const found = (names: readonly string[], scope: Scope): string => {
  const [root, ...members] = names;
  let value: Json | undefined = scope[root as keyof Scope] ?? null;
  for (const member of members) value = value === undefined ? undefined : memberOf(value, member);
  return value === undefined ? 'not there' : show(value);
};
