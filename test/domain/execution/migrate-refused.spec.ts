import { describe, expect, test } from 'vitest';
import { Rejection } from '../../../src/domain/rejection.ts';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { completed, define, failed, given, notUndone, start, type Given } from '../../spec/execution.ts';

const reason = 'it was wrong';

const defined = (steps: string, more = '') => define(`workflow: w\n${more}activities:\n${steps}`);

/** What a run is told when it is to go on with these steps: code and step of each reason. */
const reasonsOf = (at: Given, steps: string, more = ''): readonly string[] => {
  const to = defined(steps, more);
  const command: ExecutionCommand = { type: 'migrate', to, number: 2, reason };
  try {
    at.when(command);
    return [];
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    expect(error.code).toBe('MIGRATION_REFUSED');
    const { reasons } = error.details as {
      reasons: readonly { readonly code: string; readonly step: string; readonly message: string }[];
    };
    for (const { message } of reasons) {
      expect(message).toMatch(/^Expected .+, but .+\.$/);
      expect(error.message).toContain(message);
    }
    return reasons.map(({ code, step }) => `${code} ${step}`);
  }
};

const A = '  - name: a\n';
const B = '  - name: b\n';
const PARALLEL = (branches: string) => `  - name: both\n    parallel: { branches: ${branches} }\n`;
const WHILE = (steps: string) => `  - name: again\n    while: { condition: true, steps: [${steps}] }\n`;

/** A run of these steps, of which these have completed. */
const run = (steps: string, ...done: readonly string[]): Given =>
  done.reduce((at, step) => at.after(completed(step)), given(defined(steps)).after(start()));

describe('a run is kept from a version', () => {
  test.for<[string, Given, string, readonly string[], string?]>([
    ['that lacks a step that it is at', run(A + B), B, ['STEP_MISSING a']],
    ['that lacks a step that it has passed', run(A + B, 'a'), B, ['STEP_MISSING a']],
    [
      'in which a step is of another kind',
      run(A + B),
      '  - { name: a, set: { variables: { x: 1 } } }\n',
      ['STEP_OF_OTHER_KIND a'],
    ],
    [
      'in which a wait is for something else',
      run('  - { name: a, wait: { for: 1h } }\n'),
      '  - { name: a, wait: { signal: go } }\n',
      ['STEP_OF_OTHER_KIND a'],
    ],
    ['in which a step is in a block', run(A), PARALLEL('[[{ name: a }]]'), ['STEP_ELSEWHERE a']],
    [
      'in which a step is in another branch',
      run(PARALLEL('{ l: [{ name: a }], r: [{ name: b }] }')),
      PARALLEL('{ l: [{ name: b }], r: [{ name: a }] }'),
      ['STEP_ELSEWHERE both[l].a', 'STEP_ELSEWHERE both[r].b'],
    ],
    [
      'that has another branch in a block that it is in',
      run(PARALLEL('{ l: [{ name: a }], r: [{ name: b }] }')),
      PARALLEL('{ l: [{ name: a }], more: [{ name: c }], r: [{ name: b }] }'),
      ['BRANCHES_CHANGED both'],
    ],
    [
      'that goes on elsewhere behind the step that ran last',
      run(A + B, 'a'),
      '  - { name: a, next: b }\n  - name: c\n  - name: b\n',
      ['NEXT_CHANGED a'],
    ],
    [
      'that reads a variable that nothing will have set',
      run(A + B, 'a'),
      '  - { name: a, output: { x: 1 } }\n  - { name: b, input: { x: "${workflow.x}" } }\n',
      ['VARIABLE_NEVER_SET b'],
    ],
    [
      'that is to give what nothing will have set',
      run(A + B, 'a'),
      '  - { name: a, output: { x: 1 } }\n  - name: b\n',
      ['VARIABLE_NEVER_SET '],
      'output: { x: "${workflow.x}" }\n',
    ],
    [
      'that reads a step that it has passed',
      run(A + B, 'a'),
      '  - name: c\n  - name: a\n  - { name: b, input: "${steps.c.output}" }\n',
      ['STEP_NEVER_RUN b'],
    ],
    [
      'whose compensation reads a variable that nothing will have set',
      run(A + B, 'a'),
      '  - { name: a, output: { x: 1 } }\n  - name: b\ncompensation: {}\ncompensation_activities: { a: { activity: u, params: { x: "${workflow.x}" } } }\nerror_handling: { workflow_error: { strategy: compensate } }\n',
      ['VARIABLE_NEVER_SET a'],
    ],
    [
      'with all that is wrong at once',
      run(A + B, 'a'),
      '  - { name: a, set: { variables: { y: 1 } } }\n  - { name: c, input: "${workflow.y}" }\n',
      ['STEP_OF_OTHER_KIND a', 'STEP_MISSING b', 'VARIABLE_NEVER_SET c'],
    ],
    [
      'in which the event that it is about to emit is another',
      given(defined('  - { name: a, emit: { event: x } }\n')).after(start()),
      '  - { name: a, emit: { event: y } }\n',
      ['STEP_UNDER_WAY a'],
    ],
    [
      'in which the child that it starts is another',
      given(defined('  - { name: a, workflow: { name: x } }\n')).after(start()),
      '  - { name: a, workflow: { name: y } }\n',
      ['STEP_UNDER_WAY a'],
    ],
  ])('%s', ([, at, steps, reasons, more]) => {
    expect(reasonsOf(at, steps, more)).toEqual(reasons);
  });

  test('that limits otherwise what it waits to be let through to', () => {
    const steps = `  - name: a\n    bulkhead: { max_concurrent: LIMIT }\n`;
    const at = run(steps.replace('LIMIT', '1'));
    expect(at.state.steps['a']).toMatchObject({ asks: true });
    expect(reasonsOf(at, steps.replace('LIMIT', '2'))).toEqual(['STEP_UNDER_WAY a']);
    expect(reasonsOf(at, steps.replace('LIMIT', '1') + B)).toEqual([]);
  });

  test('that undoes other steps while it is being undone, or would be further', () => {
    const undo = (steps: string) =>
      `compensation: {}\ncompensation_activities: { ${steps} }\nerror_handling: { workflow_error: { strategy: compensate } }\n`;
    const at = ['a', 'b'].reduce(
      (so, step) => so.after(completed(step)),
      given(defined('  - name: a\n  - name: b\n  - name: c\n', undo('a: { activity: u }'))).after(start()),
    );
    const undoing = at.after(failed('c'));
    const both = undo('a: { activity: u }, b: { activity: u }');
    const abc = `${A}${B}  - name: c\n`;
    expect(reasonsOf(at, abc, both)).toEqual([]);
    expect(reasonsOf(undoing, abc, both)).toEqual(['UNDOING_CHANGED ']);
    expect(reasonsOf(undoing, abc, undo('a: { activity: v }'))).toEqual([]);
    expect(reasonsOf(undoing.after(notUndone('a')), abc, both)).toEqual(['UNDOING_CHANGED ']);
  });

  test('that lacks the step that a retry would go on with', () => {
    const dead = run(A + B, 'a').after(failed('b'));
    expect(reasonsOf(dead, A)).toEqual(['STEP_MISSING b']);
    expect(reasonsOf(dead, A + B)).toEqual([]);
  });
});

describe('a run is not kept from a version', () => {
  test.for<[string, Given, string]>([
    [
      'with new steps behind and before where it is',
      run(A + B, 'a'),
      '  - name: x\n  - name: a\n  - name: b\n  - name: c\n',
    ],
    [
      'that reads what is still to be set',
      run(A + B),
      '  - { name: a, output: { x: 1 } }\n  - { name: b, input: "${workflow.x}" }\n',
    ],
    [
      'that asks whether a variable is there',
      run(A + B, 'a'),
      '  - name: a\n  - { name: b, input: "${has(workflow.x) ? workflow.x : 1}" }\n',
    ],
    [
      'that reads what its own version reads in vain',
      run('  - { name: a, output: { y: 1 } }\n  - { name: b, input: "${workflow.x}" }\n', 'a'),
      '  - { name: a, output: { y: 1 } }\n  - { name: b, input: "${workflow.x}" }\n  - name: c\n',
    ],
    ['that lacks steps that it has not come to', run(A + B), A],
    [
      'that waits for the same with another time-out',
      run('  - { name: a, wait: { signal: s, timeout: 1h } }\n'),
      '  - { name: a, wait: { signal: s } }\n',
    ],
    [
      'with more in a branch and other branches in a block that is to come',
      run(PARALLEL('{ l: [{ name: a }], r: [{ name: b }] }')),
      `${PARALLEL('{ l: [{ name: a }, { name: c }], r: [{ name: b }] }')}  - name: next\n    parallel: { branches: [[{ name: d }]] }\n`,
    ],
    [
      'whose loop sets in one turn what the next one reads',
      run(WHILE('{ name: a }, { name: b }'), 'again[0].a'),
      WHILE('{ name: a, output: { x: 1 } }, { name: b, input: "${workflow.x}" }'),
    ],
    [
      'that jumps back to what sets what it reads',
      run(A + B, 'a'),
      '  - { name: a, output: { x: 1 } }\n  - { name: b, next: a, max_visits: 2 }\n  - { name: c, input: "${workflow.x}" }\n',
    ],
  ])('%s', ([, at, steps]) => {
    expect(reasonsOf(at, steps)).toEqual([]);
  });

  test('that has ended, unless it has failed: that is over', () => {
    const command: ExecutionCommand = { type: 'migrate', to: defined(A + B), number: 2, reason };
    run(A, 'a').whenRefused(command, 'EXECUTION_ENDED');
    given(defined(A)).whenRefused(command, 'EXECUTION_NOT_FOUND');
    run(A).after(failed('a')).when(command).thenTypes('execution.migrated');
  });
});
