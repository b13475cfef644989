import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../../src/domain/definition/expression/environment.ts';
import { PROBLEM_CODES, WARNING_CODES } from '../../../src/domain/definition/problem-codes.ts';
import { UNENFORCED_BLOCKS } from '../../../src/domain/definition/schema/definition-schema.ts';
import { parsed } from './parsed.ts';

const TEXT = readFileSync(fileURLToPath(new URL('../../../docs/definitions.md', import.meta.url)), 'utf8');
const EXAMPLES = [...TEXT.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, source = '']) => [
  /workflow: (.*)/.exec(source)?.[1] ?? '',
  source,
]);

/** The table behind a mark, up to the next heading. */
const tableAt = (mark: string): string =>
  TEXT.split(`<!-- ${mark} -->`)[1]?.split(/\n\n(?!\|)|$(?![^])/)[0] ?? '';
const section = (title: string): string => TEXT.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

describe('the reference of definitions', () => {
  it('has examples', () => {
    expect(EXAMPLES.length).toBe(34);
  });

  it.each(EXAMPLES)('shows %s, which is taken without a warning', (name, source = '') => {
    const { definition, warnings } = parsed(source);
    expect(definition.workflow).toBe(name);
    expect(warnings).toEqual([]);
  });

  it('evaluates its expressions to what it says', () => {
    const { definition } = parsed(EXAMPLES.find(([name]) => name === 'expressions')?.[1] ?? '');
    const users = [
      { name: 'Ada', age: 36 },
      { name: 'Bob', age: 17 },
    ];
    const event = { users, at: '2026-01-31T09:00:00Z' };
    const values = Object.entries(definition.variables).map(([name, value]) => [
      name,
      value.evaluate({ event }),
    ]);
    expect(Object.fromEntries(values)).toEqual({
      names: ['Ada'],
      greeting: 'Hello Ada, you are 36',
      country: 'de',
      due: '2026-02-02T09:00:00Z',
      price: 'costs ${amount}',
    });
  });

  it('lists every function and macro that there is, and no other', () => {
    expect(namesIn(tableAt('functions')).toSorted()).toEqual(FUNCTIONS.toSorted());
  });

  it('lists every code with its meaning, and no other', () => {
    const rows = [...tableAt('codes').matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\|$/gm)].map(([, code, text]) => [
      code,
      text,
    ]);
    expect(rows).toEqual(Object.entries({ ...PROBLEM_CODES, ...WARNING_CODES }));
  });

  it('lists what is not enforced', () => {
    const unenforced = section('Not in this version');
    expect(namesIn(unenforced).slice(1, 1 + UNENFORCED_BLOCKS.length)).toEqual(UNENFORCED_BLOCKS);
  });
});
