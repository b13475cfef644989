import { own, type Json, type JsonObject } from '../../json.ts';
import type { Scope } from '../definition.ts';
import { NoValue } from './no-value.ts';
import { show } from './show.ts';

const PATH = /^\s*([a-z]+)((?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*$/;

/** Words that CEL keeps for itself. */
const RESERVED = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
);

/** Names of a plain path such as `workflow.ticket_id`; `undefined` for any other expression. */
export const memberPathOf = (text: string): readonly [keyof Scope, ...string[]] | undefined => {
  const [, root, members] = PATH.exec(text) ?? [];
  if (root === undefined || members === undefined || !isRoot(root)) return undefined;
  const names = members.slice(1).split('.');
  return names.some((name) => RESERVED.has(name)) ? undefined : [root, ...names];
};

/** Every name of a scope. */
export const ROOTS: Readonly<Record<keyof Scope, true>> = {
  event: true,
  events: true,
  input: true,
  workflow: true,
  steps: true,
  output: true,
  error: true,
  item: true,
  index: true,
};

const isRoot = (name: string): name is keyof Scope => Object.hasOwn(ROOTS, name);

/** Reads a path without an evaluator. Throws `NoValue` where it ends early. */
export const readMemberPath = (scope: Scope, [root, ...names]: readonly [keyof Scope, ...string[]]): Json => {
  let value: Json = scope[root] ?? null;
  let at: string = root;
  for (const name of names) {
    const next = memberOf(value, name);
    if (next === undefined) throw new NoValue(`Expected ${at} to have "${name}", but it is ${show(value)}.`);
    value = next;
    at = `${at}.${name}`;
  }
  return value;
};

/** A member of an object; `undefined` when the value is none or has no such member. */
export const memberOf = (value: Json, name: string): Json | undefined =>
  isObject(value) ? own(value, name) : undefined;

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
