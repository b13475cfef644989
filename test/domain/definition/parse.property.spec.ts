import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { compileDefinition } from '../../../src/domain/definition/compile.ts';
import type { ParsedDefinition } from '../../../src/domain/definition/definition.ts';
import { parseDefinition } from '../../../src/domain/definition/parse.ts';
import type { Json } from '../../../src/domain/json.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
const SOURCES = readdirSync(EXAMPLES).map((name) =>
  readFileSync(`${EXAMPLES}/${name}/workflow.yaml`, 'utf8'),
);

/** What holds for any text at all. */
const check = (source: string): ParsedDefinition => {
  const result = parseDefinition(source);
  if (result.ok) {
    const again = compileDefinition(JSON.parse(JSON.stringify(result.document)));
    expect(again.hash).toBe(result.definition.hash);
    expect(parseDefinition(JSON.stringify(result.document))).toMatchObject({ ok: true });
    return result;
  }
  expect(result.problems.length).toBeGreaterThan(0);
  const lines = source.split('\n');
  for (const { code, line, column, message } of result.problems) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(message).toMatch(/^Expected [^]+[.?]$/);
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 2);
  }
  return result;
};

const PIECES = [
  '${',
  '}',
  '{',
  '[',
  ']',
  ': ',
  '- ',
  '"',
  "'",
  '\n',
  '\t',
  '  ',
  '#',
  '&a ',
  '*a',
  '!!str ',
  '|',
  '>',
  '%',
  '---\n',
  '<<: ',
  '\\',
  '\r\n',
  '\ufeff',
  '\ud800',
  'null',
  '1e999',
  '__proto__',
  'execution',
  '${event.x}',
];

const mutation = fc.record({
  at: fc.nat(),
  cut: fc.nat({ max: 12 }),
  put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4, unit: 'binary' })),
});

const mutated = fc
  .tuple(fc.constantFrom(...SOURCES), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([source, mutations]) =>
    mutations.reduce((text, { at, cut, put }) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + put + text.slice(from + cut);
    }, source),
  );

const shuffled = (value: Json, order: (keys: readonly string[]) => readonly string[]): Json => {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Json) => shuffled(item, order));
  const entries = new Map(Object.entries(value));
  return Object.fromEntries(
    order([...entries.keys()]).map((key) => [key, shuffled(entries.get(key) ?? null, order)]),
  );
};

const definition = fc.record({
  workflow: fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/),
  variables: fc.dictionary(
    fc.string().filter((name) => !['id', 'name', 'started_at'].includes(name)),
    fc.jsonValue({ maxDepth: 3 }),
  ),
  activities: fc.uniqueArray(
    fc.record({ name: fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/), input: fc.jsonValue({ maxDepth: 3 }) }),
    { minLength: 1, maxLength: 6, selector: ({ name }) => name },
  ),
});

/** Numbers and texts that no definition may hold are another test's. */
const holds = (value: unknown): boolean => {
  const text = JSON.stringify(value);
  return text.isWellFormed() && !text.includes('${') && !/\\ud[89a-f]/i.test(text);
};
const isExact = (value: unknown): boolean => {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
};
/** Without the key <<: it is a name in JSON, and refused where nothing quotes it, as in the YAML that is made here. */
const hasSafeKeys = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  Object.entries(value).every(([key, member]) => key !== '<<' && hasSafeKeys(member));

describe('reading a definition', () => {
  it('answers with a report and never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (source) => void check(source)),
      { numRuns: 500 },
    );
  });

  it('answers with a report and never throws, whatever was done to a good one', () => {
    fc.assert(
      fc.property(mutated, (source) => void check(source)),
      { numRuns: 1_500 },
    );
  });

  it('answers with a report and never throws, whatever the pieces of YAML', () => {
    const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pieces, (source) => void check(source)),
      { numRuns: 1_000 },
    );
  });

  it('answers with a report and never throws, whatever stands in an expression', () => {
    const parts = [
      'event',
      '.x',
      '["y"]',
      ' + ',
      ' && ',
      '(',
      ')',
      '[',
      ']',
      '1',
      '"a"',
      "'b'",
      '.map(x, ',
      'has(',
      '!',
      '-',
      ' ? ',
      ' : ',
      ',',
      '{',
      '}',
      '`',
      '\\',
      '.',
      'size(',
      ' in ',
    ];
    const expression = fc.array(fc.constantFrom(...parts), { maxLength: 14 }).map((list) => list.join(''));
    fc.assert(
      fc.property(expression, (text) => {
        check(
          JSON.stringify({ workflow: 'a', variables: { v: `\${${text}}` }, activities: [{ name: 'b' }] }),
        );
        check(`workflow: a\nvariables: { v: \${${text}} }\nactivities: [{name: b}]\n`);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the same hash and document in any order of keys, in YAML and in JSON', () => {
    const orders = fc.tuple(
      definition.filter((value) => holds(value) && isExact(value) && hasSafeKeys(value)),
      fc.infiniteStream(fc.nat()),
    );
    fc.assert(
      fc.property(orders, ([value, numbers]) => {
        const order = (keys: readonly string[]): readonly string[] =>
          keys
            .map((key) => [key, Number(numbers.next().value)] as const)
            .sort((left, right) => left[1] - right[1])
            .map(([key]) => key);
        const json = JSON.stringify(value);
        const other = JSON.stringify(shuffled(JSON.parse(json), order), null, 2);
        const yaml = stringify(JSON.parse(other), { aliasDuplicateObjects: false });
        const hashes = [json, other, yaml].map((source) => {
          const result = check(source);
          return result.ok ? result.definition.hash : result.problems;
        });
        expect(hashes[0]).toEqual(expect.any(String));
        expect(new Set(hashes).size).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});
