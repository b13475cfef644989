import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, refused } from './parsed.ts';

const withChild = (workflow: unknown, more: object = {}): string =>
  JSON.stringify({ workflow: 'a', activities: [{ name: 'b', workflow, ...more }] });

const HASH = `sha256:${'0a'.repeat(32)}`;

const onlyStep = (source: string) => {
  const [step] = parsed(source).definition.steps;
  if (step?.kind !== 'workflow') throw new Error('Expected a step that runs a workflow.');
  return step;
};

describe('a step that runs another workflow', () => {
  it('waits for its end, and ends it when it is not wanted any more, unless it says otherwise', () => {
    expect(onlyStep(withChild({ name: 'collect' }))).toMatchObject({
      workflow: 'collect',
      wait: true,
      onCancel: 'cancel',
      retry: { maxAttempts: 1 },
    });
    expect(onlyStep(withChild({ name: 'collect', on_cancel: 'abandon' }))).toMatchObject({
      wait: true,
      onCancel: 'abandon',
    });
    expect(onlyStep(withChild({ name: 'collect', wait: false })).wait).toBe(false);
  });

  it('says what the workflow is given, and which version of it is meant', () => {
    const step = onlyStep(withChild({ name: 'collect', version: 3, input: { id: '${input.id}' } }));
    expect(step.version).toBe(3);
    expect(step.input?.evaluate({ input: { id: 7 } })).toEqual({ id: 7 });
    expect(onlyStep(withChild({ name: 'collect', version: HASH })).version).toBe(HASH);
  });

  it('is tried again as it says itself, not as activities are', () => {
    const step = { name: 'b', workflow: { name: 'collect' } };
    const definition = (more: object) =>
      JSON.stringify({
        workflow: 'a',
        activities: [{ ...step, ...more }],
        error_handling: { activity_error: { retry: { max_attempts: 5 }, fallback: { activity: 'skip' } } },
      });
    expect(onlyStep(definition({}))).toMatchObject({ retry: { maxAttempts: 1 } });
    expect(onlyStep(definition({})).fallback).toBeUndefined();
    expect(onlyStep(definition({ retry: { max_attempts: 2 } }))).toMatchObject({ retry: { maxAttempts: 2 } });
  });

  it.each([
    ['nothing', null, 'WRONG_TYPE activities[0].workflow'],
    ['a name alone', 'collect', 'WRONG_TYPE activities[0].workflow'],
    ['no name', { input: 1 }, 'MISSING_FIELD activities[0].workflow'],
    ['a name that is none', { name: 'Collect It' }, 'BAD_NAME activities[0].workflow.name'],
    ['an expression for a name', { name: '${input.name}' }, 'BAD_NAME activities[0].workflow.name'],
    ['version zero', { name: 'c', version: 0 }, 'WRONG_VALUE activities[0].workflow.version'],
    ['half a version', { name: 'c', version: 1.5 }, 'WRONG_TYPE activities[0].workflow.version'],
    ['a version by another name', { name: 'c', version: 'v2' }, 'WRONG_VALUE activities[0].workflow.version'],
    ['a word for wait', { name: 'c', wait: 'no' }, 'WRONG_TYPE activities[0].workflow.wait'],
    ['another policy', { name: 'c', on_cancel: 'stop' }, 'WRONG_VALUE activities[0].workflow.on_cancel'],
    [
      'a policy where nothing waits',
      { name: 'c', wait: false, on_cancel: 'cancel' },
      'FIELD_NOT_USED activities[0].workflow.on_cancel',
    ],
    [
      'an unknown name in its input',
      { name: 'c', input: '${outptu}' },
      'UNKNOWN_NAME activities[0].workflow.input',
    ],
  ])('is refused with %s', (_, workflow, problem) => {
    expect(refused(withChild(workflow)).map(({ code, path }) => `${code} ${path}`)).toEqual([problem]);
  });

  it('is refused with everything that is wrong, each where it stands', () => {
    const source = `workflow: a
activities:
  - name: b
    workflow: { nmae: collect, wait: false, on_cancel: abandon }
    timeout: 5s
    retry: {}
`;
    expect(problemsOf(source)).toEqual([
      '4:5 MISSING_FIELD activities[0].workflow',
      '4:17 UNKNOWN_FIELD activities[0].workflow.nmae',
      '4:45 FIELD_NOT_USED activities[0].workflow.on_cancel',
      '5:5 FIELD_NOT_USED activities[0].timeout',
      '6:5 RETRY_WITHOUT_ATTEMPTS activities[0].retry',
    ]);
    expect(
      refused(source)
        .map(({ message }) => message)
        .join(),
    ).toContain('Did you mean "name"?');
  });
});
