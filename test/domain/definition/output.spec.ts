import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

const withOutput = (output: string, more = ''): string =>
  `workflow: a\nvariables: { total: 1 }\nactivities:\n  - name: pay\n${more}output: ${output}\n`;

describe('what a run gives', () => {
  it('is each of its fields, which see all that has run', () => {
    const source = withOutput('{ id: "${workflow.id}", paid: "${steps.pay.output}", fixed: [1, null] }');
    const { output = {} } = parsed(source).definition;
    const scope = {
      workflow: { id: 'x' },
      steps: { pay: { output: 7, status: 'completed', attempts: 1 } },
    };
    const given = Object.entries(output).map(([name, template]) => [name, template.evaluate(scope)]);
    expect(Object.fromEntries(given)).toEqual({ id: 'x', paid: 7, fixed: [1, null] });
    expect(warningsOf(source)).toEqual([]);
  });

  it('is said nowhere unless it is given, and nothing where it is empty', () => {
    expect(parsed('workflow: a\nactivities: [{ name: pay }]\n').definition.output).toBeUndefined();
    expect(parsed(withOutput('{}')).definition.output).toEqual({});
  });

  it('may stand under the execution too, and is another version when it is another', () => {
    const [one, other] = ['1', '2'].map((n) => parsed(withOutput(`{ n: ${n} }`)).definition.hash);
    expect(one).not.toBe(other);
    const inside = `execution:\n${withOutput('{ n: 1 }').replaceAll(/^/gm, '  ')}`;
    expect(parsed(inside).definition.hash).toBe(one);
  });

  it.each([
    ['a text', '"${workflow.total}"', ['5:9 WRONG_TYPE output']],
    ['a list', '[1]', ['5:9 WRONG_TYPE output']],
    ['nothing', 'null', ['5:9 WRONG_TYPE output']],
    ['what is no expression', '{ a: "${1 +}" }', ['5:19 BAD_EXPRESSION output.a']],
    [
      'names that are known nowhere, or not there, all of them',
      '{ a: "${totl}", b: "${output.x}", c: "${steps.pya.output}", d: { e: "${item}" } }',
      [
        '5:17 UNKNOWN_NAME output.a',
        '5:31 UNKNOWN_NAME output.b',
        '5:49 UNKNOWN_STEP output.c',
        '5:80 UNKNOWN_NAME output.d.e',
      ],
    ],
  ])('is refused for %s', (_, output, problems) => {
    expect(problemsOf(withOutput(output))).toEqual(problems);
  });

  it('sees no single turn of a loop, and is warned of a variable that nothing sets', () => {
    const loop = '  - name: each\n    foreach: { items: [1], steps: [{ name: inner }] }\n';
    expect(problemsOf(withOutput('{ a: "${steps.inner.output}" }', loop))).toEqual([
      '7:17 STEP_NOT_RUN_YET output.a',
    ]);
    expect(warningsOf(withOutput('{ a: "${workflow.totl}" }'))).toEqual(['5:17 UNKNOWN_VARIABLE output.a']);
  });
});
