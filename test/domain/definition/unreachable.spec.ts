import { describe, expect, it, test } from 'vitest';
import { parsed, warningsOf } from './parsed.ts';

/** Names of the steps that none comes to, and why. */
const unreachable = (steps: string, more = ''): readonly string[] =>
  parsed(`workflow: w\n${more}activities:\n${steps}`).warnings.flatMap(({ code, message }) => {
    if (code !== 'UNREACHABLE_STEP') return [];
    const [, name, why] = /comes to "(.*?)": (.*)\.$/.exec(message) ?? [];
    return [`${name}: ${why}`];
  });

const CONTINUE = 'error_handling: { workflow_error: { strategy: continue } }\n';

describe('a step that no run comes to is warned of', () => {
  test.for<[string, string, readonly string[]]>([
    ['behind an end', '- { name: a, end: true }\n- { name: b }\n- { name: c }', ['b', 'c']],
    ['behind a fail', '- { name: a, fail: { type: T, message: m } }\n- { name: b }', ['b']],
    ['behind a jump', '- { name: a, next: c }\n- { name: b }\n- { name: c }', ['b']],
    [
      'behind a jump whose guard is true',
      '- { name: a, when: true, next: c }\n- { name: b }\n- { name: c }',
      ['b'],
    ],
    ['behind a jump back', '- { name: a }\n- { name: b, next: a }\n- { name: c }', ['c']],
    ['with a false guard', '- { name: a, when: false }\n- { name: b }', ['a']],
    ['with a guard that says false', "- { name: a, when: '${false}' }\n- { name: b }", ['a']],
    ['with a guard that comes to false', "- { name: a, when: '${1 > 2}' }\n- { name: b }", ['a']],
    [
      'behind a parallel of which too few branches end',
      '- name: a\n  parallel: { branches: [[{ name: b }], [{ name: c, end: true }]] }\n- { name: d }',
      ['d'],
    ],
    [
      'behind a switch that ends the run whatever it chooses',
      "- name: a\n  switch: [{ when: '${event.x}', steps: [{ name: b, end: true }] }, { else: [{ name: c, end: true }] }]\n- { name: d }",
      ['d'],
    ],
    [
      'behind a loop that does not end',
      '- name: a\n  while: { condition: true, steps: [{ name: b }] }\n- { name: c }',
      ['c'],
    ],
    [
      'in a loop that never begins',
      '- name: a\n  while: { condition: false, steps: [{ name: b }] }\n- { name: c }',
      ['b'],
    ],
    [
      'in cases behind one that is always chosen',
      "- name: a\n  switch: [{ when: true, steps: [{ name: b }] }, { when: '${event.x}', steps: [{ name: c }] }, { else: [{ name: d }] }]",
      ['c', 'd'],
    ],
    [
      'in a case that is never chosen',
      '- name: a\n  switch: [{ when: false, steps: [{ name: b }] }, { else: [{ name: c }] }]',
      ['b'],
    ],
    [
      'behind a switch of all, one case of which always ends the run',
      "- name: a\n  match: all\n  switch: [{ when: true, steps: [{ name: b, end: true }] }, { when: '${event.x}', steps: [{ name: c }] }]\n- { name: d }",
      ['d'],
    ],
    [
      'in a branch, behind what leaves it',
      '- name: a\n  foreach: { items: [1], steps: [{ name: b, fail: { type: T, message: m } }, { name: c }] }\n- { name: d }',
      ['c'],
    ],
  ])('%s', ([, steps, expected]) => {
    expect(unreachable(steps).map((text) => text.split(':')[0])).toEqual(expected);
  });

  it('says where it stands and what keeps the run from it', () => {
    const steps = `- { name: a, end: true }\n- { name: b }\n`;
    expect(unreachable(steps)).toEqual(['b: "a" before it ends the run']);
    expect(warningsOf(`workflow: w\nactivities:\n${steps}`)).toEqual([
      '4:11 UNREACHABLE_STEP activities[1].name',
    ]);
    expect(
      warningsOf(
        'workflow: w\nactivities:\n- name: a\n  foreach:\n    items: []\n    steps:\n    - name: b\n      when: false',
      ),
    ).toEqual(['7:13 UNREACHABLE_STEP activities[0].foreach.steps[0].name']);
  });

  it.each([
    ['- { name: a, fail: { type: T, message: m } }\n- { name: b }', '"a" before it always fails'],
    ['- { name: a, next: c }\n- { name: b }\n- { name: c }', '"a" before it always goes on elsewhere'],
    ['- { name: b, when: false }', 'its guard is false in every run'],
    ['- name: a\n  while: { condition: false, steps: [{ name: b }] }', 'what it belongs to is never chosen'],
    [
      '- name: a\n  while: { condition: true, steps: [{ name: c }] }\n- { name: b }',
      '"a" before it never comes to its end',
    ],
  ])('of %s says why', (steps, why) => {
    expect(unreachable(steps)).toEqual([`b: ${why}`]);
  });
});

describe('nothing is said of a step that a run may come to', () => {
  test.for<[string, string, string?]>([
    ['behind an end that may be skipped', "- { name: a, end: true, when: '${event.x}' }\n- { name: b }"],
    [
      'behind a fail, where the run goes on',
      '- { name: a, fail: { type: T, message: m } }\n- { name: b }',
      CONTINUE,
    ],
    [
      'behind a jump of a step that may fail',
      '- { name: a, next: c }\n- { name: b }\n- { name: c }',
      CONTINUE,
    ],
    [
      'that is jumped to',
      "- { name: a, when: '${event.x}', next: c }\n- { name: b, end: true }\n- { name: c }",
    ],
    [
      'that is jumped to from behind it',
      '- { name: a, next: d }\n- { name: b }\n- { name: c, end: true }\n- { name: d, next: b }',
    ],
    [
      'that is jumped to from inside of a loop',
      '- name: a\n  while: { condition: true, steps: [{ name: b, when: "${event.x}", next: d }] }\n- name: d',
    ],
    ['whose guard cannot be evaluated beforehand', "- { name: a, when: '${1 / 0 == 1}' }"],
    [
      'behind a race that one branch can win',
      '- name: a\n  parallel: { join: first, branches: [[{ name: b }], [{ name: c, end: true }]] }\n- { name: d }',
    ],
    [
      'behind a switch that may choose nothing',
      "- name: a\n  switch: [{ when: '${event.x}', steps: [{ name: b, end: true }] }]\n- { name: d }",
    ],
    [
      'behind a loop over nothing',
      '- name: a\n  foreach: { items: [], steps: [{ name: b, end: true }] }\n- { name: c }',
    ],
    [
      'behind a block that fails, with a fallback',
      '- name: a\n  fallback: { activity: skip }\n  parallel: { branches: [[{ name: b, fail: { type: T, message: m } }]] }\n- { name: d }',
    ],
  ])('%s', ([, steps, more]) => {
    expect(unreachable(steps, more)).toEqual([]);
  });

  test('in a definition whose jumps are too many to follow', () => {
    const back = Array.from({ length: 200 }, (_, n) => `- { name: s${200 - n}, next: s${201 - n} }`);
    const steps = ['- { name: s0, next: s1 }', '- { name: s201, end: true }', ...back].join('\n');
    expect(unreachable(steps)).toEqual([]);
  });
});
