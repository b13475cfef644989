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

const inWords = (reason: string): string => {
  const [, operator, types] = NO_OVERLOAD.exec(reason) ?? [];
  if (operator === undefined || types === undefined) return reason;
  const name = operator.replace(/^@/, '').replaceAll('_', ' ').trim();
  return `"${name}" does not take ${types.replaceAll(/[()]/g, '').replace('.', ', ')}`;
};

const found = (names: readonly string[], scope: Scope): string => {
  const [root, ...members] = names;
  let value: Json | undefined = scope[root as keyof Scope] ?? null;
  for (const member of members) value = value === undefined ? undefined : memberOf(value, member);
  return value === undefined ? 'not there' : show(value);
};
