import { describe, expect, it } from 'vitest';
import { problemsOf, refused } from './parsed.ts';

const WRONG = `execution:
  workflow: High Priority
  triger: manual
  variables:
    ticket: \${evnt.ticket_id}
    size: \${1 +}
  activities:
    - name: notify_team
      retry: { max_attempts: 0, backoff: { initial: 5x, multiplier: 0.5, jitter: 2 } }
      timeout: 5 minutes
    - name: notify_team
      when: yes
      output: { agent: \${steps.asign.output} }
    - activity: assign
    - name: wait_for_it
      wait: { for: 1s, signal: go }
    - name: note
      set: { variabels: {} }
    - 12
  compensation_activities:
    notify_taem: { activity: withdraw }
    notify_team: { params: {} }
  error_handling:
    workflow_error: { strategy: compensat }
`;

describe('the problems of a definition', () => {
  it('are all found at once, each with its place, in the order of the lines', () => {
    expect(problemsOf(WRONG)).toEqual([
      '2:13 BAD_NAME execution.workflow',
      '3:3 UNKNOWN_FIELD execution.triger',
      '5:15 UNKNOWN_NAME execution.variables.ticket',
      '6:15 BAD_EXPRESSION execution.variables.size',
      '9:30 WRONG_VALUE execution.activities[0].retry.max_attempts',
      '9:53 BAD_DURATION execution.activities[0].retry.backoff.initial',
      '9:69 WRONG_VALUE execution.activities[0].retry.backoff.multiplier',
      '9:82 WRONG_VALUE execution.activities[0].retry.backoff.jitter',
      '10:16 BAD_DURATION execution.activities[0].timeout',
      '11:13 DUPLICATE_STEP execution.activities[1].name',
      '12:13 BAD_EXPRESSION execution.activities[1].when',
      '13:26 UNKNOWN_STEP execution.activities[1].output.agent',
      '14:7 MISSING_FIELD execution.activities[2]',
      '16:7 AMBIGUOUS_WAIT execution.activities[3].wait',
      '18:7 MISSING_FIELD execution.activities[4].set',
      '18:14 UNKNOWN_FIELD execution.activities[4].set.variabels',
      '19:7 WRONG_TYPE execution.activities[5]',
      '21:5 UNKNOWN_STEP execution.compensation_activities.notify_taem',
      '22:5 MISSING_FIELD execution.compensation_activities.notify_team',
      '24:33 WRONG_VALUE execution.error_handling.workflow_error.strategy',
    ]);
  });

  it('say what was expected and what was found', () => {
    const messages = refused(WRONG).map(({ message }) => message);
    for (const message of messages) expect(message).toMatch(/^Expected .+, but .+[.?]$/s);
    expect(messages).toContain(
      'Expected a duration such as 500ms, 30s, 5m, 2h, 1d or PT30S, but found "5x".',
    );
    expect(messages).toContain(
      'Expected one of stop, compensate, continue, but found "compensat". Did you mean "compensate"?',
    );
  });

  it.each([
    ['a field', '{workflow: a, activites: [{name: b}]}', 'activities'],
    ['a field of a step', '{workflow: a, activities: [{name: b, retyr: {max_attempts: 2}}]}', 'retry'],
    ['a name', '{workflow: a, variables: {x: "${evnet.y}"}, activities: [{name: b}]}', 'event'],
    [
      'a step',
      '{workflow: a, activities: [{name: charge}, {name: b, input: "${steps.chrage.output}"}]}',
      'charge',
    ],
    ['a function', '{workflow: a, variables: {x: "${szie(event.y)}"}, activities: [{name: b}]}', 'size'],
    ['a word', '{workflow: a, activities: [{name: b}], compensation: {strategy: revers}}', 'reverse'],
    ['an expression without its braces', '{workflow: a, activities: [{name: b, when: "input"}]}', '${input}'],
  ])('suggest what was meant: %s', (_, source, meant) => {
    expect(refused(source).map(({ message }) => message)).toContainEqual(
      expect.stringContaining(` Did you mean "${meant}"?`),
    );
  });

  it('suggest nothing that is nothing like it', () => {
    expect(refused('{workflow: a, colour: red, activities: [{name: b}]}')[0]?.message).toBe(
      'Expected a field of a workflow definition, but there is no "colour".',
    );
  });

  it('say which fields an object has, where something else stands', () => {
    expect(refused('{workflow: a, activities: [{name: b, fallback: skip}]}')[0]).toMatchObject({
      code: 'WRONG_TYPE',
      message:
        'Expected what follows when the attempts are used up, an object with "activity", "notify", but found "skip".',
    });
  });

  it('are found in the same way in JSON', () => {
    const source = '{\n\t"workflow": "a",\n\t"activities": [\n\t\t{ "nmae": "b" }\n\t]\n}';
    expect(problemsOf(source)).toEqual([
      '4:3 MISSING_FIELD activities[0]',
      '4:5 UNKNOWN_FIELD activities[0].nmae',
    ]);
  });

  it('are counted when they are too many to list', () => {
    const fields = Array.from({ length: 3_000 }, (_, index) => `x${index}: 1`).join('\n');
    const problems = refused(`workflow: a\nactivities: [{name: b}]\n${fields}\n`);
    expect(problems).toHaveLength(1_001);
    expect(problems.at(-1)).toMatchObject({
      code: 'TOO_MANY_PROBLEMS',
      message: 'Expected at most 1000 problems to be listed, but there are 3000.',
    });
  });

  it('are not told twice of a value that cannot be read', () => {
    const source = 'workflow: a\nactivities: [{name: b, retry: {max_attempts: 1e999}}]\n';
    expect(problemsOf(source)).toEqual(['2:46 BAD_NUMBER activities[0].retry.max_attempts']);
  });
});
