import { describe, expect, it } from 'vitest';
import { parsed, problemsOf } from './parsed.ts';

const BODY = `workflow: a
variables: { x: \${event.y} }
activities:
  - name: b
compensation_activities:
  b: { activity: undo_b }
error_handling:
  workflow_error: { strategy: compensate }
`;
const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');
const [before, after] = [
  BODY.slice(0, BODY.indexOf('compensation')),
  BODY.slice(BODY.indexOf('compensation')),
];

describe('a definition', () => {
  it.each([
    ['under execution:', `execution:\n${indented(BODY)}`],
    ['without it', BODY],
    ['with blocks beside it', `execution:\n${indented(before)}${after}`],
    ['with blocks before it', `${after}execution:\n${indented(before)}`],
  ])('may be written %s', (_, source) => {
    const { definition, document, warnings } = parsed(source);
    expect(warnings).toEqual([]);
    expect(Object.keys(document)).toEqual(['execution']);
    expect(definition).toMatchObject({
      workflow: 'a',
      onError: 'compensate',
      steps: [{ name: 'b' }],
      compensation: { byStep: { b: { activity: 'undo_b' } } },
    });
    expect(definition.hash).toBe(parsed(BODY).definition.hash);
  });

  it.each([
    [
      'under execution:',
      `execution:\n${indented(BODY)}`,
      '8:5 UNKNOWN_STEP execution.compensation_activities.c',
    ],
    ['without it', BODY, '6:3 UNKNOWN_STEP compensation_activities.c'],
    ['beside it', `execution:\n${indented(before)}${after}`, '7:3 UNKNOWN_STEP compensation_activities.c'],
  ])('has its problems where they are written: %s', (_, source, problem) => {
    const [line, rest] = [Number(problem.split(':')[0]), problem.slice(problem.indexOf(':'))];
    const actual = source.split('\n').findIndex((text) => text.includes('b: { activity')) + 1;
    expect(Math.abs(actual - line)).toBeLessThanOrEqual(1);
    expect(problemsOf(source.replace('b: { activity', 'c: { activity'))).toEqual([`${actual}${rest}`]);
  });

  it('has each block once', () => {
    expect(problemsOf(`execution:\n${indented(BODY)}variables: {}\n`)).toEqual([
      '10:1 DUPLICATE_KEY variables',
    ]);
  });

  it.each([
    ['nothing', '', '1:1 WRONG_TYPE '],
    ['only a remark', '# later\n', '1:1 WRONG_TYPE '],
    ['a text', 'hello', '1:1 WRONG_TYPE '],
    ['a list', '[1]', '1:1 WRONG_TYPE '],
    ['an empty object', '{}', '1:1 MISSING_FIELD '],
    ['null under execution:', 'execution:', '1:11 WRONG_TYPE execution'],
  ])('that is %s is refused', (_, source, first) => {
    expect(problemsOf(source)[0]).toBe(first);
  });
});
