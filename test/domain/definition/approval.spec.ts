import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, refused } from './parsed.ts';

const withApproval = (approval: unknown, more: object = {}): string =>
  JSON.stringify({ workflow: 'a', activities: [{ name: 'b', approval, ...more }] });

describe('a step that waits for a decision', () => {
  it('names who may decide, and in which time', () => {
    const [step] = parsed(withApproval({ assignees: ['ann', '${input.boss}'], timeout: '2d' })).definition
      .steps;
    if (step?.kind !== 'approval') throw new Error('Expected an approval.');
    expect(step.assignees?.evaluate({ input: { boss: 'bob' } })).toEqual(['ann', 'bob']);
    expect(step.timeout).toBe(172_800_000);
  });

  it('needs neither', () => {
    const [step] = parsed(withApproval({})).definition.steps;
    expect(step).toEqual({ kind: 'approval', name: 'b', maxVisits: 100, output: {} });
  });

  it.each([
    ['nothing', null, 'WRONG_TYPE activities[0].approval'],
    ['a name alone', 'ann', 'WRONG_TYPE activities[0].approval'],
    ['nobody', { assignees: [] }, 'WRONG_VALUE activities[0].approval.assignees'],
    ['a name that is empty', { assignees: [''] }, 'WRONG_VALUE activities[0].approval.assignees[0]'],
    ['a number for a name', { assignees: [7] }, 'WRONG_TYPE activities[0].approval.assignees[0]'],
    ['a negative time', { timeout: '-1d' }, 'BAD_DURATION activities[0].approval.timeout'],
    ['an unknown name', { assignees: '${inptu.boss}' }, 'UNKNOWN_NAME activities[0].approval.assignees'],
  ])('is refused with %s', (_, approval, problem) => {
    expect(refused(withApproval(approval)).map(({ code, path }) => `${code} ${path}`)).toEqual([problem]);
  });

  it('is refused with everything that is wrong, each where it stands', () => {
    const source = `workflow: a
activities:
  - name: b
    approval: { assignes: [ann], timeout: soon }
    retry: { max_attempts: 2 }
    wait: { for: 1s }
`;
    expect(problemsOf(source)).toEqual([
      '3:5 AMBIGUOUS_STEP activities[0]',
      '4:17 UNKNOWN_FIELD activities[0].approval.assignes',
      '4:43 BAD_DURATION activities[0].approval.timeout',
      '5:5 FIELD_NOT_USED activities[0].retry',
    ]);
    expect(
      refused(source)
        .map(({ message }) => message)
        .join(),
    ).toContain('Did you mean "assignees"?');
  });
});
