import type { Random } from '../simulation/random.ts';
import type { Operation } from './documents.ts';

const JUNK = [
  '{',
  '}',
  '(',
  ')',
  '"',
  '"""',
  '...',
  '@',
  '$',
  ':',
  '!',
  '#',
  '\\u{110000}',
  '\ufeff',
  '🧨',
  '\u0000',
];

const cut = (text: string, random: Random): string => {
  const at = random.int(0, text.length);
  return random.pick([
    text.slice(0, at),
    text.slice(at),
    `${text.slice(0, at)}${random.pick(JUNK)}${text.slice(at)}`,
    `${text.slice(0, at)}${text.slice(at + random.int(1, 5))}`,
  ]);
};

/** The same operation with a document that something happened to. */
export const mangled = ({ query, variables }: Operation, random: Random): Operation => {
  let text = query;
  for (let times = random.int(1, 3); times > 0; times -= 1) text = cut(text, random);
  return { query: text, variables };
};

/** The same operation with names that belong elsewhere. */
export const misnamed = (
  { query, variables }: Operation,
  names: readonly string[],
  random: Random,
): Operation => {
  const share = random.pick([0.05, 0.2]);
  return {
    query: query.replaceAll(/\b[A-Za-z]\w{2,}\b/g, (name) =>
      random.chance(share) ? random.pick(names) : name,
    ),
    variables,
  };
};

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const HEAVY: readonly ((size: number) => string)[] = [
  (size) => `{ executions { nodes ${'{ children { nodes '.repeat(size)}{ id }${' } }'.repeat(size)} } }`,
  (size) => `{ ${times(size * 10, (n) => `a${n}: nodes { name }`)} }`,
  (size) => `{ ${times(size * 10, () => 'nodes { name }')} }`,
  (size) => `{ nodes { ${times(size * 20, () => 'name')} } }`,
  () => '{ nodes { ...A } } fragment A on Node { ...B } fragment B on Node { ...A name }',
  (size) =>
    `{ nodes { ...F0 } } ${times(size, (n) => `fragment F${n} on Node { ...F${n + 1} ...F${n + 1} }`)} fragment F${size} on Node { name }`,
  (size) =>
    `{ executions(first: 100) { nodes { children(first: 100) { nodes { id ${times(size, () => 'status')} } } } } }`,
  (size) => `query (${times(size * 10, (n) => `$v${n}: Int`)}) { nodes { name } }`,
  (size) => `{ nodes { name ${times(size * 10, () => '@include(if: true)')} } }`,
  (size) => `{ executions(filter: ${'{ or: ['.repeat(size)}${'] }'.repeat(size)}) { nodes { id } } }`,
  (size) => `{ checkDefinition(source: "${'- '.repeat(size * 50)}") { problems { message } } }`,
  (size) => `# ${'x'.repeat(size * 2_000)}\n{ nodes { name } }`,
  (size) => `query A { nodes { name } } ${times(size, (n) => `query B${n} { nodes { name } }`)}`,
  (size) =>
    `{ __schema { types { fields { type { ${'ofType { '.repeat(size)} name ${'}'.repeat(size)} } } } }`,
  (size) =>
    `{ ${times(size, (n) => `t${n}: __type(name: "Query") { fields { name args { name type { name } } } }`)} }`,
  (size) => `{ nodes ${'{'.repeat(size * 100)}`,
];

/** An operation that asks for too much. */
export const heavy = (random: Random): Operation => ({
  query: random.pick(HEAVY)(random.pick([2, 10, 40, 100])),
  variables: {},
});
