import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { maskExpressions } from '../../../src/domain/definition/source/mask.ts';
import { printDefinitionSchema } from '../../../src/domain/definition/schema/published-schema.ts';
import { parsed, refused } from './parsed.ts';

const ROOT = new URL('../../../', import.meta.url);
const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8');

/** As an editor reads it: with the schema that is committed, and nothing of ours. */
const valueOf = (source: string): unknown => {
  const { text, unmask } = maskExpressions(source);
  return JSON.parse(unmask(JSON.stringify(parseYaml(text))));
};

describe('the schema file', () => {
  const schema: Readonly<Record<string, unknown>> = JSON.parse(textOf('sagalog.schema.json'));
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
  const validate = ajv.compile<object>(schema);
  const errorsOf = (source: string): readonly unknown[] =>
    validate(valueOf(source)) ? [] : (validate.errors ?? []);

  it('is a JSON Schema', () => {
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  it('is the one that is committed (npm run schema writes it)', () => {
    expect(printDefinitionSchema()).toBe(textOf('sagalog.schema.json'));
  });

  it('says what each field is for', () => {
    const bare: string[] = [];
    let fields = 0;
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        walk(value, `${path}/${key}`);
        if (!path.endsWith('/properties')) continue;
        fields += 1;
        const { description, title, $ref } = value as Readonly<Record<string, unknown>>;
        if (description === undefined && title === undefined && $ref === undefined)
          bare.push(`${path}/${key}`);
      }
    };
    walk(schema, '');
    expect(fields).toBeGreaterThan(150);
    expect(bare).toEqual([]);
  });

  it.each(readdirSync(fileURLToPath(new URL('examples', ROOT))))(
    'takes the example %s, which names it',
    (name) => {
      const source = textOf(`examples/${name}/workflow.yaml`);
      expect(source).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/sagalog\.schema\.json\n/);
      expect(errorsOf(source)).toEqual([]);
    },
  );

  it.each([
    ['manual', '{workflow: a, trigger: manual, activities: [{name: b}]}'],
    ['a saga', '{workflow: a, saga: {steps: [{activity: b, compensation: c}]}}'],
    [
      'blocks beside',
      '{execution: {workflow: a, activities: [{name: b}]}, compensation: {strategy: forward}}',
    ],
    [
      'a wait',
      '{workflow: a, activities: [{name: b, wait: {signal: s, timeout: 1d}, output: {x: "${output}"}}]}',
    ],
    ['a duration with an expression', '{workflow: a, activities: [{name: b, wait: {for: "${input.n}s"}}]}'],
    [
      'a time-out',
      '{workflow: a, activities: [{name: b, timeout: PT5S}, {name: c, timeout: {attempt: 1s}}]}',
    ],
  ])('takes what the parser takes: %s', (_, source) => {
    expect(parsed(source).definition.workflow).toBe('a');
    expect(errorsOf(source)).toEqual([]);
  });

  it.each([
    ['nothing', '{}'],
    ['a list', '[]'],
    ['no name', '{activities: [{name: b}]}'],
    ['a name in capitals', '{workflow: A, activities: [{name: b}]}'],
    ['a field that there is none of', '{workflow: a, activites: [], activities: [{name: b}]}'],
    ['a step without a name', '{workflow: a, activities: [{activity: b}]}'],
    ['a field of a step that there is none of', '{workflow: a, activities: [{name: b, retyr: {}}]}'],
    ['no steps', '{workflow: a, activities: []}'],
    ['a duration that is none', '{workflow: a, activities: [{name: b, timeout: 5 minutes}]}'],
    ['no attempts', '{workflow: a, activities: [{name: b, retry: {max_attempts: 0}}]}'],
    ['a fallback to nothing', '{workflow: a, activities: [{name: b, fallback: {notify: true}}]}'],
    ['an empty wait', '{workflow: a, activities: [{name: b, wait: {}}]}'],
    ['two waits in one', '{workflow: a, activities: [{name: b, wait: {for: 1s, signal: s}}]}'],
    [
      'a time-out of a wait for a time',
      '{workflow: a, activities: [{name: b, wait: {for: 1s, timeout: 1s}}]}',
    ],
    [
      'two kinds of step in one',
      '{workflow: a, activities: [{name: b, wait: {for: 1s}, set: {variables: {}}}]}',
    ],
    ['a kind that is not supported', '{workflow: a, activities: [{name: b, parallel: {branches: []}}]}'],
    ['a trigger that is not supported', '{workflow: a, trigger: {debounce: 5s}, activities: [{name: b}]}'],
    ['conditions of no event', '{workflow: a, trigger: {conditions: {x: 1}}, activities: [{name: b}]}'],
    [
      'another strategy',
      '{workflow: a, activities: [{name: b}], error_handling: {workflow_error: {strategy: retry}}}',
    ],
    ['a size that is none', '{workflow: a, activities: [{name: b}], resources: {memory: {limit: much}}}'],
    ['null for a block', '{workflow: a, variables: null, activities: [{name: b}]}'],
  ])('refuses what the parser refuses: %s', (_, source) => {
    expect(refused(source).length).toBeGreaterThan(0);
    expect(errorsOf(source)).not.toEqual([]);
  });
});
